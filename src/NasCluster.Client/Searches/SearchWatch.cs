using System.Collections.Immutable;
using NasCluster.Client.Connection;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Reporting.Progress;

namespace NasCluster.Client.Searches;

/// <summary>Follows a search from afar, whatever silos come and go meanwhile.</summary>
internal sealed class SearchWatch(ClusterConnection cluster, string name, TimeProvider time)
{
    private const int PageSize = 500;
    private readonly Perseverance _calls = new(time);
    private readonly List<OutcomeRecord> _outcomes = [];
    private readonly SortedDictionary<long, HypervolumePoint> _points = [];

    /// <summary>The outcomes read so far.</summary>
    public IReadOnlyList<OutcomeRecord> Outcomes => _outcomes;

    /// <summary>The history of hypervolume read so far.</summary>
    public ImmutableArray<HypervolumePoint> History => [.. _points.Values];

    /// <summary>Reads all that is recorded by now.</summary>
    /// <param name="log">Told what is new.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task ReadAsync(ProgressLog? log, CancellationToken cancellation)
    {
        while (true)
        {
            var page = await cluster.Archive(name).ReadAsync(_outcomes.Count, PageSize, cancellation);
            _outcomes.AddRange(page.Outcomes);
            log?.Take(page.Outcomes);
            var points = page.History.Where(p => _points.TryAdd(p.Sequence, p)).ToArray();
            log?.Take(points);
            if (_outcomes.Count >= page.Recorded)
            {
                return;
            }
        }
    }

    /// <summary>How far the search has come, whatever silo has to be asked.</summary>
    /// <exception cref="NasClusterException">There is no such search.</exception>
    public Task<SearchProgress> GetProgressAsync(CancellationToken cancellation) =>
        _calls.CallAsync(() => cluster.Search(name).GetProgressAsync(cancellation), cancellation);

    /// <summary>Waits until the stages before the search have ended, or it no longer runs.</summary>
    /// <param name="said">Told of every stage that is under way.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How far the search has come then.</returns>
    /// <exception cref="NasClusterException">There is no such search.</exception>
    public async Task<SearchProgress> AwaitStagesAsync(Action<string> said, CancellationToken cancellation)
    {
        string? last = null;
        while (true)
        {
            var progress = await GetProgressAsync(cancellation);
            if (progress is not { State: SearchState.Running or SearchState.Paused, Recorded: 0, Stage: { } stage })
            {
                return progress;
            }

            if (stage != last)
            {
                said(stage);
                last = stage;
            }

            await _calls.PauseAsync(cancellation);
        }
    }

    /// <summary>In which order the parts of its network are kept, whatever silo has to be asked; null where nothing has measured that.</summary>
    public Task<SearchOrders?> GetOrdersAsync(CancellationToken cancellation) =>
        _calls.CallAsync(() => cluster.Search(name).GetOrdersAsync(cancellation), cancellation);

    /// <summary>Reads all that is recorded by now, whatever silo has to be asked.</summary>
    /// <param name="log">Told what is new.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task CatchUpAsync(ProgressLog? log, CancellationToken cancellation) => _calls.CallAsync(() => ReadAsync(log, cancellation), cancellation);

    /// <summary>Follows the search until it no longer runs.</summary>
    /// <returns>Where it stands then.</returns>
    /// <exception cref="NasClusterException">There is no such search.</exception>
    public async Task<SearchProgress> FollowAsync(ProgressLog log, CancellationToken cancellation)
    {
        while (true)
        {
            var progress = await GetProgressAsync(cancellation);
            await CatchUpAsync(log, cancellation);
            if (progress.State is not (SearchState.Running or SearchState.Paused))
            {
                log.Become(progress.State == SearchState.Completed ? ProgressState.Finished : ProgressState.Stopped);
                return progress;
            }

            log.Take(await _calls.CallAsync(() => ListEvaluatorsAsync(cancellation), cancellation));
            await _calls.PauseAsync(cancellation);
        }
    }

    /// <summary>Waits until the front of a search that has ended is scored on the report part, if it is being scored.</summary>
    public async Task AwaitReportAsync(CancellationToken cancellation)
    {
        while (await FindReportAsync(cancellation) is { State: SearchState.Running })
        {
            await _calls.PauseAsync(cancellation);
        }
    }

    /// <summary>Waits until the front is scored on the report part.</summary>
    /// <param name="said">Told what is waited for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">There is no such search, it has not completed, keeps nothing apart, or its front cannot be scored.</exception>
    public async Task AwaitScoredAsync(Action<string> said, CancellationToken cancellation)
    {
        if ((await GetProgressAsync(cancellation)).State is var state and not SearchState.Completed)
        {
            throw new NasClusterException($"{name} is {Names.Of(state)}; its front is scored on the report part once it has completed. 'nasctl search front' shows what it has found so far.");
        }

        for (var isFirst = true; ; isFirst = false)
        {
            var report = await FindReportAsync(cancellation)
                ?? throw new NasClusterException($"{name} keeps nothing apart to report on: it has seen all of its data, or scores none. 'nasctl search front' shows what it has found.");
            switch (report.State)
            {
                case SearchState.Completed:
                    return;
                case SearchState.Failed or SearchState.Stopped:
                    throw new NasClusterException($"The scoring of the front of {name} on the report part has {Names.Of(report.State)}{(report.Reason is { } reason ? $": {reason}" : $"; 'nasctl search resume {report.Name}' goes on.")}");
                default:
                    if (isFirst)
                    {
                        said($"the front is being scored on the report part ({Names.Of(report.State)})");
                    }

                    break;
            }

            await _calls.PauseAsync(cancellation);
        }
    }

    /// <summary>The scoring of its front on the report part; null when there is none, or none yet.</summary>
    public async Task<SearchSummary?> FindReportAsync(CancellationToken cancellation) =>
        (await _calls.CallAsync(() => cluster.Searches.ListAsync(cancellation), cancellation)).FirstOrDefault(s => s.Name == SearchNames.OfReport(name));

    private async Task<IReadOnlyCollection<EvaluatorListing>> ListEvaluatorsAsync(CancellationToken cancellation) =>
        [.. (await cluster.Evaluators.ListAsync(cancellation)).Where(e => e.Search?.Value == name)];
}
