using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Storage;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Searches;

/// <inheritdoc cref="IPopulationGrain"/>
/// <remarks>It keeps the search's record; a <see cref="Conduct"/> carries the search out.</remarks>
[KeepAlive, Reentrant]
internal sealed partial class PopulationGrain(
    CellStorage storage, IRunnableSearches searches, IOptions<PopulationOptions> options, TimeProvider time, ILogger<PopulationGrain> logger)
    : Grain, IPopulationGrain
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private JsonCell<SearchRecord> _cell = null!;
    private SearchRecord? _record;
    private Conduct? _conduct;

    private string Name => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _cell = new JsonCell<SearchRecord>(storage.OfSearch(Name), "search", schema: 1);
        _record = await _cell.ReadAsync(cancellationToken);
        if (_record?.State is SearchState.Running or SearchState.Paused)
        {
            await BeginAsync(cancellationToken);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_conduct is { } conduct)
        {
            await conduct.AbandonAsync();
        }
    }

    public async Task StartAsync(SearchDefinition definition, CancellationToken cancellation)
    {
        await ChangeAsync(async () =>
        {
            if (_record is { } known)
            {
                // The same call repeated; whatever else has that name is another search.
                return known.Definition.Prepared == definition.Prepared && known.Definition.Started == definition.Started
                    ? known
                    : throw new NasClusterException($"There is a search '{Name}' already.");
            }

            searches.Read(definition.Prepared).CreateSearch(null); // What cannot be searched is refused before anything is written.
            await Task.CompletedTask;
            return new SearchRecord(definition, SearchState.Running, null);
        });
        await BeginAsync(cancellation);
    }

    public Task<SearchStanding> KeepGoingAsync(CancellationToken cancellation)
    {
        // Being called is enough: activation began it.
        var record = Record;
        return Task.FromResult(new SearchStanding(record.State, record.Reason));
    }

    public async Task PauseAsync(CancellationToken cancellation)
    {
        await ChangeAsync(r => r.State == SearchState.Running ? r with { State = SearchState.Paused } : r);
        _conduct?.Post(at => new PauseRequestedEvent(at));
    }

    public async Task ResumeAsync(CancellationToken cancellation)
    {
        var state = Record.State;
        await ChangeAsync(r => r.State is SearchState.Paused or SearchState.Stopped or SearchState.Failed ? r with { State = SearchState.Running, Reason = null } : r);
        if (state is SearchState.Stopped or SearchState.Failed)
        {
            await BeginAsync(cancellation);
        }

        _conduct?.Post(at => new ContinueRequestedEvent(at));
        await TellCatalogAsync(cancellation);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        _ = Record;
        if (_conduct is { } conduct)
        {
            conduct.Post(at => new StopRequestedEvent(at));
            await conduct.Ended.WaitAsync(cancellation);
        }
    }

    public async Task DeleteAsync(CancellationToken cancellation)
    {
        if (_record is null)
        {
            return;
        }

        await StopAsync(cancellation);
        await CellRunStore.DeleteAsync(storage.OfSearch(Name), cancellation);
        await _cell.DeleteAsync(cancellation);
        _record = null;
        DeactivateOnIdle();
    }

    public Task<SearchProgress> GetProgressAsync(CancellationToken cancellation)
    {
        var record = Record;
        var search = searches.Read(record.Definition.Prepared);
        var status = _conduct?.Status;
        return Task.FromResult(new SearchProgress
        {
            Definition = record.Definition,
            State = record.State,
            Reason = record.Reason,
            Objectives = search.Objectives,
            Budget = search.EvaluationCount,
            Recorded = status?.Told ?? 0,
            Queued = status?.Queued ?? 0,
            Evaluators = status?.Evaluators ?? 0,
            BusyEvaluators = (status?.Evaluators ?? 0) - (status?.EvaluatorsIdle ?? 0),
            Notices = _conduct?.Notices ?? [],
        });
    }

    public Task<bool> ReportAsync(LeaseId lease, ImmutableArray<TrialReport> reports, CancellationToken cancellation)
    {
        if (_conduct is not { } conduct)
        {
            return Task.FromResult(false);
        }

        foreach (var report in reports)
        {
            conduct.Post(at => new OutcomeReportedEvent(at, lease, report.Trial, report.Outcome));
        }

        return Task.FromResult(true);
    }

    public Task RenewAsync(LeaseId lease)
    {
        _conduct?.Post(at => new LeaseRenewedEvent(at, lease));
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(LeaseId lease, CancellationToken cancellation)
    {
        _conduct?.Post(at => new LeaseReleasedEvent(at, lease));
        return Task.CompletedTask;
    }

    public Task LoansChangedAsync() => _conduct?.EnlistAsync(CancellationToken.None) ?? Task.CompletedTask;

    private SearchRecord Record => _record ?? throw new NasClusterException($"There is no search '{Name}'.");

    private async Task BeginAsync(CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            if (_conduct is not null || _record is not { State: SearchState.Running or SearchState.Paused } record)
            {
                return;
            }

            var conduct = await Conduct.BeginAsync(this, record.Definition, searches.Read(record.Definition.Prepared), new CellRunStore(storage.OfSearch(Name), $"search '{Name}'"), cancellation);
            _conduct = conduct;
            if (record.State == SearchState.Paused)
            {
                conduct.Post(at => new PauseRequestedEvent(at));
            }

            AwaitEndAsync(conduct).Ignore();
        }
        finally
        {
            _changing.Release();
        }
    }
}
