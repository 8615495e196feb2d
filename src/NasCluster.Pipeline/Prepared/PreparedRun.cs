using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Core.Specification;

namespace NasCluster.Pipeline.Prepared;

/// <summary>What a cluster carries out for a prepared search: the search itself, or afterwards the scoring of its front on the report part.</summary>
/// <remarks>
/// The second is carried out as a search of its own, over given genomes with a budget of as many: so it is dispatched, leased, recorded and
/// survives whatever happens, as the search does.
/// </remarks>
public sealed class PreparedRun
{
    private const int Schema = 1;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly ImmutableArray<Genome> _front;

    private PreparedRun(PreparedSearch search, SearchPart part, ImmutableArray<Genome> front)
    {
        Search = search;
        Part = part;
        _front = front;
    }

    /// <summary>The prepared search.</summary>
    public PreparedSearch Search { get; }

    /// <summary>Which part of the data it is scored on.</summary>
    public SearchPart Part { get; }

    /// <summary>What outcomes have values of, in order.</summary>
    public ImmutableArray<Objective> Objectives => Search.ObjectivesOf(Part);

    /// <summary>How many evaluations there will be.</summary>
    public long EvaluationCount => Part == SearchPart.Search ? Search.Plan.EvaluationCount : _front.Length;

    /// <summary>Whether outcomes are measured, so that they should not be remembered across machines; what is scored on the report part never is.</summary>
    public bool IsMeasured => Part == SearchPart.Search && Search.IsMeasured;

    /// <summary>Where the set file of the part is stored.</summary>
    public PreparedPart Data => Part == SearchPart.Search ? Search.Search : Search.Report!;

    /// <summary>The search itself.</summary>
    public static PreparedRun Of(PreparedSearch search) => new(search, SearchPart.Search, []);

    /// <summary>Where the scores are stored without which it cannot be searched or evaluated, to be given to <see cref="With"/>; null when it needs none.</summary>
    public string? ScoresNeeded => Search is { NextStage: null, Plan.NeedsScores: true } ? Search.Scores : null;

    /// <summary>The same run with the scores of its stages.</summary>
    /// <param name="scores">What is stored as <see cref="ScoresNeeded"/>.</param>
    /// <exception cref="NasClusterException">They are damaged, of another network, or the front is not of the space they make.</exception>
    public PreparedRun With(ReadOnlySpan<byte> scores)
    {
        var search = Search.With(scores);
        return Part == SearchPart.Search ? Of(search) : ReadReport(search, _front);
    }

    /// <summary>The scoring of a front on the report part.</summary>
    /// <param name="search">A search with a report part; see <see cref="PreparedSearch.HasReport"/>.</param>
    /// <param name="front">Genomes of its space, at least one; those that mean the same count once.</param>
    /// <exception cref="ArgumentException">There is no report part, or no genome.</exception>
    public static PreparedRun OfReport(PreparedSearch search, IEnumerable<Genome> front)
    {
        ImmutableArray<Genome> genomes = [.. front.Select(search.Plan.Space.Canonicalise).Distinct()];
        return search.HasReport && genomes.Length > 0
            ? new PreparedRun(search, SearchPart.Report, genomes)
            : throw new ArgumentException("A report needs a part of the data kept apart, and at least one genome.", nameof(front));
    }

    /// <summary>The search: a new one given null, else one restored from a snapshot of the same run.</summary>
    /// <exception cref="NasClusterException">It cannot be searched, or the snapshot is not of this run.</exception>
    public ISearch CreateSearch(SearchSnapshot? snapshot)
    {
        if (Part == SearchPart.Search)
        {
            return Search.Plan.CreateSearch(snapshot);
        }

        var options = new SearchOptions { Objectives = Objectives, Budget = _front.Length, InitialGenomes = _front };
        return snapshot is null
            ? Searches.Create(new RandomSearchOptions(), options, Search.Plan.Space)
            : Searches.Restore(new RandomSearchOptions(), options, Search.Plan.Space, snapshot);
    }

    /// <summary>The key a trial's outcome is recorded under.</summary>
    public EvaluationKey KeyOf(Genome genome) => Search.KeysOf(Part).KeyOf(Search.Plan.Space.CandidateOf(genome));

    /// <summary>The run as JSON, on one line.</summary>
    public string ToJson() => new JsonObject
    {
        ["schema"] = Schema,
        ["search"] = JsonNode.Parse(Search.ToJson()),
        ["front"] = Part == SearchPart.Search ? null : new JsonArray([.. _front.Select(g => (JsonNode)new JsonArray([.. g.Genes.Select(gene => (JsonNode)gene)]))]),
    }.ToJsonString();

    /// <summary>Reads what <see cref="ToJson"/> wrote, in this version or an earlier one.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="readSpecification">Reads the host's text of a specification.</param>
    /// <exception cref="NasClusterException">It is something else, of a newer version, or contradicts itself.</exception>
    public static PreparedRun FromJson(string json, Func<string, SearchSpec> readSpecification)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || !schema.TryGetInt32(out var version) || version is < 1 or > Schema)
            {
                throw new NasClusterException($"The prepared run is not of a version that this program reads (up to {Schema}). Use a newer version, or start the search anew.");
            }

            var search = PreparedSearch.FromJson(root.GetProperty("search").GetRawText(), readSpecification);
            var front = root.GetProperty("front");
            if (front.ValueKind == JsonValueKind.Null)
            {
                return Of(search);
            }

            ImmutableArray<Genome> genomes = [.. front.EnumerateArray().Select(g => new Genome([.. g.EnumerateArray().Select(gene => gene.GetInt32())]))];

            // What genomes mean is not known yet: they are left as they were written, canonical.
            return search.Plan.NeedsScores ? new PreparedRun(search, SearchPart.Report, genomes) : ReadReport(search, genomes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Damaged(exception);
        }
    }

    private static PreparedRun ReadReport(PreparedSearch search, ImmutableArray<Genome> front)
    {
        try
        {
            return OfReport(search, front);
        }
        catch (ArgumentException exception)
        {
            throw Damaged(exception);
        }
    }

    private static NasClusterException Damaged(Exception exception) => new($"The prepared run is damaged: {exception.Message.ReplaceLineEndings(" ")}", exception);
}
