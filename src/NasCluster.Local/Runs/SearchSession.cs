using NasCluster.Core.Control;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Pipeline;

namespace NasCluster.Local.Runs;

/// <summary>Carries a run directory's search on to its end (or a stop), showing it meanwhile: what <c>search</c> and <c>resume</c> share.</summary>
internal static class SearchSession
{
    /// <summary>Runs the search and writes what came of it.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(RunDirectory directory, LoadedSearch search, SessionOptions options)
    {
        using var signals = new StopSignals();
        if (!await StageSession.RunAsync(directory, search, options, signals.Stopping))
        {
            return await StoppedAsync("stopped before the search began; what the stages before it have done is safe", options);
        }

        try
        {
            search.RepairCandidates(TimeProvider.System, signals.Stopping);
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            return await StoppedAsync("stopped while the calibration part was read; what was done before is safe", options);
        }

        var plan = search.Plan;
        if (plan.EvaluationCount < plan.Spec.Budget.Evaluations && !options.Json)
        {
            await Console.Error.WriteLineAsync(
                $"nas: the space has {plan.EvaluationCount} sub-networks, fewer than the {plan.Spec.Budget.Evaluations} evaluations asked for; all of them are evaluated.");
        }

        var reason = await SearchRunner.RunAsync(
            directory,
            new SearchJob(plan.Space, plan.CreateSearch, search.Evaluator, options.Cache),
            RunNames.Model(plan.Spec.Model),
            plan.Objectives,
            plan.EvaluationCount,
            options,
            signals.Stopping);
        var isScored = reason == FinishReason.Completed
            && await ReportScoring.ScoreFrontAsync(directory, search, options.Workers, signals.Stopping);
        ResultFiles.Write(directory.FullPath, options.Json);
        if (!isScored)
        {
            return await StoppedAsync(
                reason == FinishReason.Completed ? "stopped before the whole front was scored on the report set" : "stopped; everything evaluated so far is safe", options);
        }

        return await PrunedNetwork.WriteAsync(directory, search, options, signals.Stopping)
            ? ExitCode.Success
            : await StoppedAsync("stopped before the pruned network was written", options);
    }

    private static async Task<int> StoppedAsync(string state, SessionOptions options)
    {
        await Console.Error.WriteLineAsync($"nas: {state}. Go on with: nas resume {RunNames.Quote(options.DirectoryAsGiven)}");
        return ExitCode.Stopped;
    }
}

/// <summary>How a session works and speaks.</summary>
/// <param name="DirectoryAsGiven">The run directory as the user wrote it, for messages.</param>
/// <param name="Workers">Evaluations side by side.</param>
/// <param name="Batch">The most trials a worker takes at once.</param>
/// <param name="Json">Whether progress and result are JSON.</param>
/// <param name="Cache">Outcomes remembered across searches; null for none. It stays the caller's.</param>
internal sealed record SessionOptions(string DirectoryAsGiven, int Workers, int Batch, bool Json, IEvaluationCache? Cache);
