using System.Diagnostics;
using NasCluster.Core.Control;
using NasCluster.Core.Specification;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Llama.Checkpoints;
using NasCluster.Pipeline;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Local.Runs;

/// <summary>Carries out the stages before a search: importance, and the policy gradient that refines it. What was done already is read.</summary>
internal static class StageSession
{
    /// <summary>Carries them out, and gives the search what they end with.</summary>
    /// <returns>Whether all of them have ended; false after a stop, from which the same again goes on.</returns>
    public static async Task<bool> RunAsync(RunDirectory directory, LoadedSearch search, SessionOptions options, CancellationToken stop)
    {
        if (!search.Plan.NeedsScores)
        {
            return true;
        }

        var configuration = search.Plan.Configuration;
        if (StageFiles.ReadScores(directory.FullPath, configuration) is { } known)
        {
            search.Use(known);
            return true;
        }

        try
        {
            var scores = StageFiles.ReadImportance(directory.FullPath, configuration) ?? Measure(directory, search, options, stop);
            var watch = Stopwatch.StartNew();
            if (search.Plan.Spec.Pruning.PolicyGradient.Steps > 0)
            {
                if (await RefineAsync(directory, search, scores, options, stop) is not { } refined)
                {
                    return false;
                }

                scores = refined;
            }

            StageFiles.Write(directory.FullPath, "scores", scores, StageRecords.OfScores(search.Plan.Spec, watch.Elapsed));
            search.Use(scores);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private static ChannelScores Measure(RunDirectory directory, LoadedSearch search, SessionOptions options, CancellationToken stop)
    {
        var pruning = search.Plan.Spec.Pruning;
        Say(options, $"measuring importance ({Words.Of(pruning.Importance)})");
        var watch = Stopwatch.StartNew();
        using var checkpoint = LlamaCheckpoints.Open(search.Plan.Spec.Model);
        var calibration = search.Calibration();
        var scores = new ChannelScores(ImportanceStage.Measure(checkpoint, pruning.Importance, calibration, pruning.Sequences, cancellation: stop), []);
        StageFiles.Write(
            directory.FullPath, "importance", scores, StageRecords.OfImportance(search.Plan.Spec, checkpoint.Fingerprint, calibration, watch.Elapsed));
        return scores;
    }

    /// <summary>The policy gradient, as a search with a run directory of its own.</summary>
    private static async Task<ChannelScores?> RefineAsync(
        RunDirectory directory, LoadedSearch search, ChannelScores scores, SessionOptions options, CancellationToken stop)
    {
        var (stage, evaluator) = search.OpenPolicyGradient(scores, TimeProvider.System);
        using (evaluator)
        {
            Say(options, $"policy gradient over {stage.Space.Masks.BitCount} bits, {stage.EvaluationCount} masks");
            var path = StageFiles.PolicyGradient(directory.FullPath);
            using var own = File.Exists(Path.Combine(path, "run.db"))
                ? RunDirectory.Open(path, TimeProvider.System)
                : RunDirectory.Create(path, directory.Specification, TimeProvider.System);
            var job = new SearchJob(stage.Space, stage.CreateSearch, evaluator);
            var reason = await SearchRunner.RunAsync(own, job, "policy gradient", stage.Objectives, stage.EvaluationCount, options with { Batch = 1 }, stop);
            if (reason != FinishReason.Completed)
            {
                return null;
            }

            // What the search had come to, from its record: the same after a kill as without.
            var recovered = await own.Store.RecoverAsync(CancellationToken.None);
            var finished = stage.CreateSearch(recovered.Snapshot?.Search);
            foreach (var record in recovered.Outcomes)
            {
                finished.Tell(record.Trial.Id, record.Outcome);
            }

            return stage.Refine(finished);
        }
    }

    private static void Say(SessionOptions options, string what)
    {
        if (!options.Json)
        {
            Console.Error.WriteLine($"nas: {what}");
        }
    }
}
