using System.CommandLine;
using NasCluster.Client.Connection;
using NasCluster.Client.Searches;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Reporting;
using NasCluster.Reporting.Fronts;
using NasCluster.Reporting.Progress;
using NasCluster.Specification;

namespace NasCluster.Client.Commands;

/// <summary><c>nasctl search watch</c>: a search as it goes on, on standard error; its front in the end, on standard output.</summary>
internal static class WatchCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var (name, format) = (SearchCommands.NameArgument(), Formats.Option());
        var command = new Command("watch", "Watch a search to its end, then show its front. With json, progress goes to standard error, an object on each line.") { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, (cluster, _) =>
            RunAsync(cluster, parsed.GetRequiredValue(name), Formats.Parse(parsed.GetRequiredValue(format)), cancellation)));
        return command;
    }

    /// <summary>Watches.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    /// <exception cref="NasClusterException">There is no such search, or it cannot go on.</exception>
    public static async Task<int> RunAsync(ClusterConnection cluster, string name, FrontFormat format, CancellationToken cancellation)
    {
        var watch = new SearchWatch(cluster, name, TimeProvider.System);
        SearchProgress end;
        try
        {
            end = await ShowAsync(watch, name, format, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Unfinished;
        }

        await watch.AwaitReportAsync(cancellation);
        if (watch.Outcomes.Count > 0 || format != FrontFormat.Table)
        {
            SearchReport.Show(await SearchReport.ReadAsync(cluster, name, cancellation), format);
        }

        if (end.State == SearchState.Failed)
        {
            throw new NasClusterException($"{name} cannot go on: {end.Reason}");
        }

        return end.State == SearchState.Completed ? ExitCode.Success : ExitCode.Unfinished;
    }

    private static async Task<SearchProgress> ShowAsync(SearchWatch watch, string name, FrontFormat format, CancellationToken cancellation)
    {
        var progress = await watch.AwaitStagesAsync(stage => Console.Error.WriteLine($"nasctl: {name}: {stage} is being carried out"), cancellation);
        var spec = SearchSpecReader.Read(progress.Definition.Specification).SpecOrThrow(name);
        var log = new ProgressLog(spec.Model, progress.Objectives, progress.Budget);

        // First what is recorded already, or it would be taken for the speed of the search.
        await watch.CatchUpAsync(log, cancellation);
        var mode = format == FrontFormat.Json ? ProgressMode.Json : ProgressMode.Auto;
        var view = new LiveProgress(ReportConsole.Detect(Console.Error), TimeProvider.System, new ProgressOptions { Mode = mode });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = view.RunAsync(log, ended.Token);
        try
        {
            return await watch.FollowAsync(log, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }
    }
}
