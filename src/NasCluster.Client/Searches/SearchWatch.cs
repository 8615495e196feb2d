using System.Collections.Immutable;
using NasCluster.Client.Connection;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Reporting.Progress;

namespace NasCluster.Client.Searches;

/// <summary>Follows a search from afar, whatever silos come and go meanwhile.</summary>
internal sealed class SearchWatch(ClusterConnection cluster, string name, TimeProvider time)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly List<OutcomeRecord> _outcomes = [];
    private readonly SortedDictionary<long, HypervolumePoint> _points = [];

    /// <summary>The outcomes read so far.</summary>
    public IReadOnlyList<OutcomeRecord> Outcomes => _outcomes;

    /// <summary>The history of hypervolume read so far.</summary>
    public ImmutableArray<HypervolumePoint> History => [.. _points.Values];

    /// <summary>Reads all that is recorded by now.</summary>
    /// <param name="log">Told what is new.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ReadAsync(ProgressLog? log, CancellationToken cancellation)
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

    /// <summary>Follows the search until it no longer runs.</summary>
    /// <returns>Where it stands then.</returns>
    /// <exception cref="NasClusterException">There is no such search.</exception>
    public async Task<SearchProgress> FollowAsync(ProgressLog log, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (true)
        {
            try
            {
                var progress = await cluster.Search(name).GetProgressAsync(cancellation);
                await ReadAsync(log, cancellation);
                if (progress.State is not (SearchState.Running or SearchState.Paused))
                {
                    log.Become(progress.State == SearchState.Completed ? ProgressState.Finished : ProgressState.Stopped);
                    return progress;
                }
            }
            catch (Exception exception) when (exception is not NasClusterException && !cancellation.IsCancellationRequested)
            {
                // The silo it lives on, or the one this client talks to, has died: another takes over.
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Waits until the front of a search that has ended is scored on the report part, if it is going to be.</summary>
    public static async Task AwaitReportAsync(ClusterConnection cluster, string name, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        while ((await cluster.Searches.ListAsync(cancellation)).Any(s => s.Name == SearchNames.OfReport(name) && s.State == SearchState.Running))
        {
            await timer.WaitForNextTickAsync(cancellation);
        }
    }
}
