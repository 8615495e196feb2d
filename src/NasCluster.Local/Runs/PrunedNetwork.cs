using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Embedded.Storage;
using NasCluster.Evaluation.Costs;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Repair;
using NasCluster.Llama.Tokenizers;
using NasCluster.Pipeline;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Local.Runs;

/// <summary>The stage after a search with one size in mind: cuts out the best network that is no larger, repairs it, scores it, writes it.</summary>
internal static class PrunedNetwork
{
    /// <summary>Does it, unless the specification asks for none or it is there already.</summary>
    /// <returns>Whether nothing is left to do; false after a stop.</returns>
    /// <exception cref="NasClusterException">No network is small enough, or it cannot be repaired or written.</exception>
    public static async Task<bool> WriteAsync(RunDirectory directory, LoadedSearch search, SessionOptions options, CancellationToken stop)
    {
        var spec = search.Plan.Spec;
        var target = StageFiles.Model(directory.FullPath);
        if (spec.Pruning.Keep is null || Directory.Exists(target))
        {
            return true;
        }

        try
        {
            var best = PrunedChoice.Of(search.Plan, (await directory.Store.RecoverAsync(CancellationToken.None)).Outcomes);
            var watch = Stopwatch.StartNew();
            using var checkpoint = LlamaCheckpoints.Open(spec.Model);
            var architecture = search.Plan.Space.Decode(best.Genome);
            var rows = new List<PrunedRow> { Row("whole", search.Network, search, stop) };
            using var cut = SubNetworkCheckpoint.Extract(checkpoint, architecture);
            rows.Add(Row("cut", cut, search, stop));
            var layers = ImmutableArray<LayerRepair>.Empty;
            var result = cut;
            if (spec.Pruning.Repair != RepairName.None)
            {
                var repaired = RepairStage.Repair(checkpoint, architecture, spec.Pruning, search.Calibration(sequences: spec.Pruning.Sequences), cancellation: stop);
                layers = repaired.Layers;
                result = repaired.Checkpoint;
                rows.Add(Row("repaired", result, search, stop));
            }

            StageFiles.Write(directory.FullPath, "pruned", Record(search.Plan, best, architecture, rows, layers, watch.Elapsed));
            HuggingFaceDirectory.Write(result, target, tokenizerFile: TokenizerFiles.Find(spec.Model, spec.Tokenizer));
            Show(search.Plan, rows, target, options);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private static PrunedRow Row(string name, LlamaCheckpoint checkpoint, LoadedSearch search, CancellationToken stop)
    {
        using var network = new CpuSuperNetwork(checkpoint);
        return Row(name, network, search, stop);
    }

    private static PrunedRow Row(string name, Core.SuperNetworks.ISuperNetwork network, LoadedSearch search, CancellationToken stop)
    {
        var configuration = network.Info.Configuration;
        return new PrunedRow(name, CostModel.Parameters(configuration), CostModel.BlockParameters(configuration), Score(SearchPart.Search), search.HasReportPart ? Score(SearchPart.Report) : []);

        ImmutableArray<(Objective Objective, ObjectiveValue Value)> Score(SearchPart part)
        {
            using var evaluator = search.OpenEvaluator(network, part, TimeProvider.System);
            var outcome = evaluator.Evaluate([configuration.FullArchitecture], null, stop)[0];
            return outcome.IsSuccess
                ? [.. evaluator.Objectives.Zip(outcome.Values)]
                : throw new NasClusterException($"The {name} network cannot be scored: {outcome.Failure}");
        }
    }

    private static JsonObject Record(
        SearchPlan plan, Trial best, Architecture architecture, List<PrunedRow> rows, ImmutableArray<LayerRepair> layers, TimeSpan time) => new()
        {
            ["trial"] = best.Id.Value,
            ["architecture"] = JsonNode.Parse(ArchitectureJson.Write(architecture)),
            ["repair"] = Words.Of(plan.Spec.Pruning.Repair),
            ["networks"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson())]),
            ["layers"] = new JsonArray([.. layers.Select(l => (JsonNode)new JsonObject
            {
                ["layer"] = l.SourceLayer,
                ["o_proj"] = Projection(l.Output),
                ["down_proj"] = Projection(l.Down),
            })]),
            ["seconds"] = StageFiles.Seconds(time),
        };

    private static JsonObject? Projection(ProjectionRepair? repair) => repair is null ? null : new JsonObject
    {
        ["channels"] = repair.Channels,
        ["kept"] = repair.Kept,
        ["dead"] = repair.DeadChannels,
        ["tokens"] = repair.Tokens,
        ["damping"] = repair.Damping,
        ["error_before"] = repair.ErrorBefore,
        ["error_after"] = repair.ErrorAfter,
    };

    private static void Show(SearchPlan plan, List<PrunedRow> rows, string target, SessionOptions options)
    {
        if (options.Json)
        {
            return;
        }

        Console.Out.WriteLine();
        foreach (var row in rows)
        {
            var search = string.Join(", ", row.Search.Select(v => Shown(v, "")));
            var report = string.Join(", ", row.Report.Select(v => Shown(v, " on the report set")));
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name,-8} {row.BlockParameters / (double)rows[0].BlockParameters,7:P1} of the layers' weights, {row.Parameters:#,0} in all; {search}{(report.Length > 0 ? $"; {report}" : "")}"));
        }

        Console.Out.WriteLine($"Written: {target}");

        static string Shown((Objective Objective, ObjectiveValue Value) value, string where) => string.Create(
            CultureInfo.InvariantCulture, $"{value.Objective.Name} {value.Value.Value:G5} ± {value.Value.StandardError:G2}{where}");
    }
}

/// <summary>What one network of a pruning is and scores.</summary>
/// <param name="Name"><c>whole</c>, <c>cut</c> or <c>repaired</c>.</param>
/// <param name="Parameters">Weights of all of it.</param>
/// <param name="BlockParameters">Weights of its layers.</param>
/// <param name="Search">Scores on the data that the search saw.</param>
/// <param name="Report">Scores on the data kept apart; empty where there are none.</param>
internal sealed record PrunedRow(
    string Name,
    long Parameters,
    long BlockParameters,
    ImmutableArray<(Objective Objective, ObjectiveValue Value)> Search,
    ImmutableArray<(Objective Objective, ObjectiveValue Value)> Report)
{
    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["parameters"] = Parameters,
        ["block_parameters"] = BlockParameters,
        ["search"] = Values(Search),
        ["report"] = Values(Report),
    };

    private static JsonObject Values(ImmutableArray<(Objective Objective, ObjectiveValue Value)> values) => new(
        values.Select(v => KeyValuePair.Create(v.Objective.Name, (JsonNode?)new JsonArray(v.Value.Value, v.Value.StandardError))));
}
