using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Embedded.Storage;
using NasCluster.Llama.Checkpoints;
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
            using var pruned = PrunedStage.CarryOut(
                spec, best.Id, search.Plan.Space.Decode(best.Genome), checkpoint, search.Network, search.Calibration, Open, search.Engine, stop);
            StageFiles.Write(directory.FullPath, "pruned", pruned.ToJson(watch.Elapsed));
            HuggingFaceDirectory.Write(pruned.Checkpoint, target, tokenizerFile: TokenizerFiles.Find(spec.Model, spec.Tokenizer));
            if (!options.Json)
            {
                Console.Out.WriteLine();
                Show(pruned.Rows, target);
            }

            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }

        IEvaluator? Open(ISuperNetwork network, SearchPart part) =>
            part == SearchPart.Search || search.HasReportPart ? search.OpenEvaluator(network, part, TimeProvider.System) : null;
    }

    /// <summary>Shows what became of a network at every step, and where it was written.</summary>
    public static void Show(ImmutableArray<PrunedRow> rows, string target)
    {
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
