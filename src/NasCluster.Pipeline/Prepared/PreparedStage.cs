using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Evaluation;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Pipeline.Prepared;

/// <summary>One stage of a prepared search, to be carried out wherever its super-network is: the same result everywhere, bit for bit.</summary>
/// <remarks>It is begun from what the stages before it have stored, and from nothing else; one that was interrupted is carried out again.</remarks>
public sealed class PreparedStage
{
    private const int Schema = 1;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly Trial? _best;

    private PreparedStage(PreparedSearch search, SearchStage stage, Trial? best)
    {
        Search = search;
        Stage = stage;
        _best = best;
    }

    /// <summary>The search, as far as its stages have come.</summary>
    public PreparedSearch Search { get; }

    /// <summary>Which stage.</summary>
    public SearchStage Stage { get; }

    /// <summary>Hashes of what is to be fetched for it.</summary>
    public ImmutableArray<string> Contents =>
    [
        .. new[]
        {
            Search.Scores,
            Stage == SearchStage.PolicyGradient ? Search.Stages.PolicyGradient?.Content : Search.Stages.Calibration?.Content,
            Stage == SearchStage.Pruned ? Search.Search.Content : null,
            Stage == SearchStage.Pruned ? Search.Report?.Content : null,
        }.OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The stage that a search needs next before it can begin; null when it needs none.</summary>
    public static PreparedStage? NextOf(PreparedSearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        return search.NextStage is { } stage ? new PreparedStage(search, stage, null) : null;
    }

    /// <summary>The stage after a search that has ended; null where there is none.</summary>
    /// <param name="search">The search.</param>
    /// <param name="outcomes">Its outcomes.</param>
    /// <exception cref="NasClusterException">None of the networks evaluated keeps the constraints.</exception>
    public static PreparedStage? LastOf(PreparedSearch search, IReadOnlyList<OutcomeRecord> outcomes)
    {
        ArgumentNullException.ThrowIfNull(search);
        return StageSequence.Prunes(search.Spec) ? new PreparedStage(search, SearchStage.Pruned, PrunedChoice.Of(search.Plan, outcomes)) : null;
    }

    /// <summary>The search after this stage.</summary>
    /// <param name="content">SHA-256 of its scores.</param>
    public PreparedSearch After(string content) => Search.After(content);

    /// <summary>Carries it out.</summary>
    /// <param name="machine">What with.</param>
    /// <param name="contents">What <see cref="Contents"/> names, by hash.</param>
    /// <param name="cancellation">Gives up; nothing is left behind.</param>
    /// <exception cref="NasClusterException">The super-network or a content is not the one it was prepared for, or the stage cannot be carried out with them.</exception>
    public StageOutput CarryOut(StageMachine machine, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> contents, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(contents);
        Search.CheckNetwork(machine.Network.Info);
        var began = machine.Time.GetTimestamp();
        return Stage switch
        {
            SearchStage.Importance => Measure(),
            SearchStage.PolicyGradient => Refine(),
            _ => Prune(),
        };

        StageOutput Measure()
        {
            var text = Sets(Search.Stages.Calibration!).Text!;
            var pruning = Search.Spec.Pruning;
            var importance = ImportanceStage.Measure(machine.Checkpoint, pruning.Importance, text, pruning.Sequences, machine.Engine.Cpu, cancellation);
            return Left(new ChannelScores(importance, []), StageRecords.OfImportance(Search.Spec, Search.Network.Fingerprint, text, Elapsed()));
        }

        StageOutput Refine()
        {
            var stage = new PolicyGradientStage(Search.Plan, Scores(), Sets(Search.Stages.PolicyGradient!).Text!);
            using var evaluator = stage.OpenEvaluator(machine.Network, machine.Gate, machine.Time);
            var search = stage.CreateSearch(null);
            while (!search.IsFinished)
            {
                var trials = search.Ask(1);
                var outcomes = TrialBatch.Evaluate(evaluator, stage.Space, trials, null, cancellation);
                cancellation.ThrowIfCancellationRequested();
                foreach (var (trial, outcome) in trials.Zip(outcomes))
                {
                    // Its gradient would be another than that of a machine on which it can be scored.
                    search.Tell(trial.Id, outcome.IsSuccess ? outcome : throw new NasClusterException($"A mask of the policy gradient cannot be scored: {outcome.Failure}"));
                }
            }

            return Left(stage.Refine(search), StageRecords.OfScores(Search.Spec, Elapsed()));
        }

        StageOutput Prune()
        {
            var search = Search.Scores is { } scores ? Search.With(Content(scores).Span) : Search;
            using var pruned = PrunedStage.CarryOut(
                search.Spec, _best!.Id, search.Plan.Space.Decode(_best.Genome), machine.Checkpoint, machine.Network, () => Sets(Search.Stages.Calibration!).Text!, Open, machine.Engine, cancellation);
            return new StageOutput([], pruned.ToJson(Elapsed()));
        }

        IEvaluator? Open(Core.SuperNetworks.ISuperNetwork network, SearchPart part) => (part == SearchPart.Search ? Search.Search : Search.Report) is { } data
            ? SearchEvaluation.OpenScores(Search.Spec, network, Sets(data), machine.Gate, machine.Time)
            : null;

        EvaluationSets Sets(PreparedPart part)
        {
            var bytes = Content(part.Content);
            return PreparedSearch.ReadSets(part, MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count) : new MemoryStream(bytes.ToArray()));
        }

        ChannelScores Scores() => ScoresFile.Read(Encoding.UTF8.GetString(Content(Search.Scores!).Span), Search.Network.Configuration);

        ReadOnlyMemory<byte> Content(string hash) =>
            contents.TryGetValue(hash, out var bytes) ? bytes : throw new ArgumentException($"Content {hash} is missing.", nameof(contents));

        StageOutput Left(ChannelScores scores, JsonObject record) => new([.. Encoding.UTF8.GetBytes(ScoresFile.Write(scores))], record);

        TimeSpan Elapsed() => machine.Time.GetElapsedTime(began);
    }

    /// <summary>The stage as JSON, on one line.</summary>
    public string ToJson() => new JsonObject
    {
        ["schema"] = Schema,
        ["search"] = JsonNode.Parse(Search.ToJson()),
        ["stage"] = Words.Of(Stage),
        ["best"] = _best is null ? null : new JsonObject { ["trial"] = _best.Id.Value, ["genome"] = new JsonArray([.. _best.Genome.Genes.Select(g => (JsonNode)g)]) },
    }.ToJsonString();

    /// <summary>Reads what <see cref="ToJson"/> wrote, in this version or an earlier one.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="readSpecification">Reads the host's text of a specification.</param>
    /// <exception cref="NasClusterException">It is something else, of a newer version, or contradicts itself.</exception>
    public static PreparedStage FromJson(string json, Func<string, SearchSpec> readSpecification)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || !schema.TryGetInt32(out var version) || version is < 1 or > Schema)
            {
                throw new NasClusterException($"The prepared stage is not of a version that this program reads (up to {Schema}). Use a newer version, or start the search anew.");
            }

            var search = PreparedSearch.FromJson(root.GetProperty("search").GetRawText(), readSpecification);
            var stage = Words.Parse<SearchStage>(root.GetProperty("stage").GetString() ?? "");
            var best = root.GetProperty("best");
            var expected = search.NextStage ?? (StageSequence.Prunes(search.Spec) ? SearchStage.Pruned : null);
            if (stage != expected || best.ValueKind == JsonValueKind.Object != (stage == SearchStage.Pruned))
            {
                throw new NasClusterException($"The prepared stage contradicts itself: it is {Words.Of(stage)}, which is not what its search needs next.");
            }

            return new PreparedStage(search, stage, best.ValueKind == JsonValueKind.Object
                ? new Trial(new TrialId(best.GetProperty("trial").GetInt64()), new Genome([.. best.GetProperty("genome").EnumerateArray().Select(g => g.GetInt32())]))
                : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new NasClusterException($"The prepared stage is damaged: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
