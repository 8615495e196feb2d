using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Control;
using NasCluster.Core.Storage;
using NasCluster.Core.Telemetry;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Searches;

/// <inheritdoc cref="ISearchCatalogGrain"/>
[KeepAlive, Reentrant]
internal sealed partial class SearchCatalogGrain(CellStorage storage, TimeProvider time, SearchMetrics metrics, ILogger<SearchCatalogGrain> logger)
    : Grain, ISearchCatalogGrain
{
    private static readonly TimeSpan RoundInterval = TimeSpan.FromSeconds(1);

    private readonly JsonCell<SearchSummary[]> _cell = new(storage.OfCatalog, "searches", schema: 1);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private ImmutableSortedDictionary<string, SearchSummary> _searches = ImmutableSortedDictionary<string, SearchSummary>.Empty;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private long _lastRound;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _searches = (await _cell.ReadAsync(cancellationToken) ?? []).ToImmutableSortedDictionary(s => s.Name, s => s, StringComparer.Ordinal);
        Measure();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Report((SearchesReading?)null);
        return Task.CompletedTask;
    }

    public async Task StartAsync(SearchDefinition definition, CancellationToken cancellation)
    {
        CatalogName.Parse(definition.Name, "search");
        var isNew = !_searches.ContainsKey(definition.Name);
        if (isNew)
        {
            await ChangeAsync(s => s.SetItem(definition.Name, new(definition.Name, SearchState.Running, definition.Started, null)), cancellation);
        }

        try
        {
            await GrainFactory.GetGrain<IPopulationGrain>(definition.Name).StartAsync(definition, cancellation);
        }
        catch (NasClusterException exception) when (isNew && exception is not StateCellException and not RunStoreException)
        {
            // Refused; but where storage failed it may have begun all the same, and whoever starts it repeats that.
            await ChangeAsync(s => s.Remove(definition.Name), cancellation);
            throw;
        }
    }

    public Task<ImmutableArray<SearchSummary>> ListAsync(CancellationToken cancellation) =>
        Task.FromResult(_searches.Values.OrderByDescending(s => s.Started).ThenBy(s => s.Name, StringComparer.Ordinal).ToImmutableArray());

    public Task StateChangedAsync(string name, SearchState state, string? reason, CancellationToken cancellation) =>
        _searches.TryGetValue(name, out var search) && (search.State != state || search.Reason != reason)
            ? ChangeAsync(s => s.ContainsKey(name) ? s.SetItem(name, s[name] with { State = state, Reason = reason }) : s, cancellation)
            : Task.CompletedTask;

    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        if (!_searches.ContainsKey(name))
        {
            throw new NasClusterException($"There is no search '{name}'.");
        }

        if (_searches.ContainsKey(SearchNames.OfReport(name)))
        {
            await DeleteAsync(SearchNames.OfReport(name), cancellation);
        }

        await GrainFactory.GetGrain<IPopulationGrain>(name).DeleteAsync(cancellation);
        await ChangeAsync(s => s.Remove(name), cancellation);
    }

    public Task KeepGoingAsync(CancellationToken cancellation)
    {
        // Every silo asks, so that the cluster needs no particular one; one round a second is enough for all.
        if (time.GetElapsedTime(_lastRound) < RoundInterval)
        {
            return Task.CompletedTask;
        }

        _lastRound = time.GetTimestamp();
        foreach (var search in _searches.Values.Where(s => s.State is SearchState.Running or SearchState.Paused))
        {
            if (_asked.Add(search.Name))
            {
                KeepGoingAsync(search).Ignore(); // Not awaited: one that does not answer must not keep the others from going on.
            }
        }

        return Task.CompletedTask;
    }

    private async Task KeepGoingAsync(SearchSummary search)
    {
        try
        {
            var state = await GrainFactory.GetGrain<IPopulationGrain>(search.Name).KeepGoingAsync(CancellationToken.None);
            await StateChangedAsync(search.Name, state.State, state.Reason, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotGoing(exception, search.Name); // Asked again in the next round.
        }
        finally
        {
            _asked.Remove(search.Name);
        }
    }

    private void Measure()
    {
        var counts = _searches.Values.Where(s => !SearchNames.IsReport(s.Name)).CountBy(s => s.State).ToDictionary();
        metrics.Report(new SearchesReading(
            counts.GetValueOrDefault(SearchState.Running),
            counts.GetValueOrDefault(SearchState.Paused),
            counts.GetValueOrDefault(SearchState.Stopped),
            counts.GetValueOrDefault(SearchState.Completed),
            counts.GetValueOrDefault(SearchState.Failed)));
    }

    private async Task ChangeAsync(Func<ImmutableSortedDictionary<string, SearchSummary>, ImmutableSortedDictionary<string, SearchSummary>> change, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var changed = change(_searches);
            await _cell.WriteAsync([.. changed.Values], cancellation);
            _searches = changed;
            Measure();
        }
        catch (StateCellException)
        {
            // Whether it was written is not known, or another activation wrote it: what is here may be wrong, so it is read again.
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The search {Search} could not be kept going.")]
    private partial void LogNotGoing(Exception exception, string search);
}
