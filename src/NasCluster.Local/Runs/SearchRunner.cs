using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Reporting;
using NasCluster.Reporting.Progress;

namespace NasCluster.Local.Runs;

/// <summary>Carries one search on to its end or a stop, showing it meanwhile.</summary>
internal static class SearchRunner
{
    /// <summary>Runs.</summary>
    /// <param name="directory">Where it is recorded.</param>
    /// <param name="job">The search.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="objectives">Its objectives.</param>
    /// <param name="evaluations">How many evaluations there will be.</param>
    /// <param name="options">How to work and speak.</param>
    /// <param name="stop">Stops it cleanly.</param>
    public static async Task<FinishReason> RunAsync(
        RunDirectory directory, SearchJob job, string name, ImmutableArray<Objective> objectives, long evaluations, SessionOptions options, CancellationToken stop)
    {
        var history = await directory.Store.ReadHypervolumeAsync(CancellationToken.None);
        var log = new ProgressLog(name, objectives, evaluations);
        var progress = new RunProgress(log, history);
        var host = new EmbeddedHost(
            job, directory.Store, progress, new EmbeddedHostOptions { WorkerCount = options.Workers, BatchSize = options.Batch }, TimeProvider.System);

        // Progress goes to standard error, so that standard output holds the result and nothing else.
        var view = new LiveProgress(ReportConsole.Detect(Console.Error), TimeProvider.System, new ProgressOptions { Mode = options.Json ? ProgressMode.Json : ProgressMode.Auto });
        using var ended = new CancellationTokenSource();
        var showing = view.RunAsync(log, ended.Token);
        FinishReason reason;
        try
        {
            reason = host.Run(stop);
        }
        catch (DeviceLostException exception)
        {
            throw new NasClusterException(
                $"{exception.Message.TrimEnd('.')}. Everything evaluated so far is safe; go on with: nas resume {RunNames.Quote(options.DirectoryAsGiven)}", exception);
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }

        // Not after a failure: that says by itself what is wrong.
        foreach (var notice in progress.Notices)
        {
            await Console.Error.WriteLineAsync($"nas: {notice}");
        }

        return reason;
    }
}
