using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Runs;
using NasCluster.Core.Telemetry;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Searches;

/// <inheritdoc cref="IPopulationGrain"/>
/// <remarks>It keeps the search's record; a <see cref="Conduct"/> carries the search out.</remarks>
[KeepAlive, Reentrant]
internal sealed partial class PopulationGrain(
    CellStorage storage, IRunnableSearches searches, IOptions<PopulationOptions> options, TimeProvider time, SearchMetrics metrics,
    ILogger<PopulationGrain> logger)
    : Grain, IPopulationGrain
{
    /// <summary>The cell of a search that holds its <see cref="SearchRecord"/>.</summary>
    internal const string RecordCell = "search";

    private readonly SemaphoreSlim _changing = new(1, 1);
    private JsonCell<SearchRecord> _cell = null!;
    private SearchRecord? _record;
    private IRunnableSearch? _search;
    private Conduct? _conduct;
    private Task _ending = Task.CompletedTask;
    private CancellationTokenSource _stopping = new();
    private bool _isLeaving;

    private string Name => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _cell = new JsonCell<SearchRecord>(storage.OfSearch(Name), RecordCell, schema: 1);
        _record = await _cell.ReadAsync(cancellationToken);
        if (_record?.State is SearchState.Running or SearchState.Paused)
        {
            await BeginAsync(cancellationToken);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isLeaving = true;
        await _stopping.CancelAsync();
        if (_conduct is { } conduct)
        {
            await conduct.AbandonAsync();
        }
    }

    public async Task StartAsync(SearchDefinition definition, CancellationToken cancellation)
    {
        if (definition.Name != Name)
        {
            throw new NasClusterException($"'{definition.Name}' cannot be started as '{Name}'.");
        }

        await _changing.WaitAsync(cancellation);
        try
        {
            if (_record is null)
            {
                // What cannot be searched is refused before anything is written; after stages, as far as can be said before them.
                var search = await Task.Run(() => searches.OpenAsync(definition.Prepared, cancellation), cancellation);
                if (search.NextStage is null)
                {
                    await Task.Run(() => search.CreateSearch(null), cancellation);
                }

                await WriteRecordAsync(new SearchRecord(definition, SearchState.Running, null), cancellation);
            }
            else if (_record.Definition != definition)
            {
                throw new NasClusterException($"There is a search '{Name}' already.");
            }
        }
        finally
        {
            _changing.Release();
        }

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
        if (_staging is { } staging)
        {
            await StopStagesAsync(staging, cancellation);
        }

        if (_conduct is { } conduct)
        {
            conduct.Post(at => new StopRequestedEvent(at));
            await _stopping.CancelAsync(); // Of a stage after the search, if it has come to that.
            await _ending.WaitAsync(cancellation); // And not only its end: what ends it writes to the same cell as whoever called.
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
        await ForgetArchiveAsync(cancellation);
        _record = null;
        DeactivateOnIdle();
    }

    public async Task<SearchProgress> GetProgressAsync(CancellationToken cancellation)
    {
        var record = Record;
        var search = _search ??= searches.Read(record.Prepared);
        var status = _conduct is { Ended.IsCompleted: false } conduct ? await conduct.ReadStatusAsync() : null;
        return new SearchProgress
        {
            Definition = record.Definition,
            State = record.State,
            Reason = record.Reason,
            Objectives = search.Objectives,
            Budget = search.EvaluationCount,
            Recorded = status?.Told ?? await ReadRecordedAsync(cancellation),
            Queued = status?.Queued ?? 0,
            Evaluators = status?.Evaluators ?? 0,
            BusyEvaluators = (status?.Evaluators ?? 0) - (status?.EvaluatorsIdle ?? 0),
            Provenance = search.Provenance,
            Configuration = search.Configuration.ToJson(),
            Notices = _conduct?.Notices ?? [],
            Stage = _stage,
            Stages = record.Stages,
        };
    }

    public Task<bool> ReportAsync(LeaseId lease, ImmutableArray<TrialReport> reports, CancellationToken cancellation)
    {
        if (_conduct is not { } conduct)
        {
            return Task.FromResult(false);
        }

        conduct.Report(lease, reports);
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

    /// <summary>How many outcomes are recorded of a search that nobody carries out any more.</summary>
    private async Task<long> ReadRecordedAsync(CancellationToken cancellation) =>
        (await GrainFactory.GetGrain<IParetoArchiveGrain>(Name).ReadAsync(long.MaxValue, 0, cancellation)).Recorded;

    private SearchRecord Record => _record ?? throw new NasClusterException($"There is no search '{Name}'.");

    private async Task BeginAsync(CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            if (_conduct is not null || _staging is not null || _record is not { State: SearchState.Running or SearchState.Paused } record)
            {
                return;
            }

            _stopping = new CancellationTokenSource();
            CellRunStore store = new(storage.OfSearch(Name), $"{GrainContext.ActivationId} {Name}");
            Conduct conduct;
            try
            {
                var search = await Task.Run(() => searches.OpenAsync(record.Prepared, cancellation), cancellation);
                _search = search;
                if (search.NextStage is { } stage)
                {
                    _stage = stage.Name;
                    _staging = CarryOutStagesAsync(search, stage, _stopping.Token);
                    return;
                }

                conduct = await Conduct.BeginAsync(
                    record.Definition with { Prepared = record.Prepared }, search, store, GrainFactory, options.Value, time, metrics, logger, cancellation);
            }
            catch (NasClusterException exception) when (IsFinal(exception))
            {
                // Tried again it would fail again: better said once than for ever.
                await ChangeRecordAsync(r => r with { State = SearchState.Failed, Reason = exception.Message });
                return;
            }

            _conduct = conduct;
            if (record.State == SearchState.Paused)
            {
                conduct.Post(at => new PauseRequestedEvent(at));
            }

            GrainTimerCreationOptions Every(TimeSpan interval) => new(interval, interval) { KeepAlive = true, Interleave = true };
            var ticking = this.RegisterGrainTimer(conduct.TickAsync, Every(options.Value.TickInterval));
            var enlisting = this.RegisterGrainTimer(conduct.EnlistAsync, Every(options.Value.EnlistInterval));
            conduct.EnlistAsync(CancellationToken.None).Ignore();
            _ending = AwaitEndAsync(conduct, ticking, enlisting);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task AwaitEndAsync(Conduct conduct, params IDisposable[] timers)
    {
        try
        {
            var reason = await conduct.Ended;
            await (reason == FinishReason.Completed ? CompleteAsync(conduct) : ChangeAsync(r => r with { State = SearchState.Stopped }));
            await GrainFactory.GetGrain<IEvaluatorDirectoryGrain>(0).LeaveAsync(new SearchId(Name), CancellationToken.None);
            await TellCatalogAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Abandoned: the next activation goes on from what storage holds.
            DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            // Whatever it was, what is here may be out of date: the next activation goes on from what storage holds.
            LogBeginsAnew(exception, Name);
            DeactivateOnIdle();
        }
        finally
        {
            _conduct = null;
            conduct.Hide();
            foreach (var timer in timers)
            {
                timer.Dispose();
            }
        }
    }

    /// <summary>Whether the same would fail again.</summary>
    private static bool IsFinal(NasClusterException exception) =>
        exception is not RunStoreException { IsPermanent: false } and not RunTakenOverException and not StateCellException;

    private async Task ChangeAsync(Func<SearchRecord, SearchRecord> change)
    {
        await _changing.WaitAsync();
        try
        {
            await ChangeRecordAsync(change);
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task ChangeRecordAsync(Func<SearchRecord, SearchRecord> change)
    {
        var changed = change(Record);
        if (changed == _record)
        {
            return;
        }

        await WriteRecordAsync(changed, CancellationToken.None);
    }

    private async Task WriteRecordAsync(SearchRecord record, CancellationToken cancellation)
    {
        try
        {
            await _cell.WriteAsync(record, cancellation);
            _record = record;
        }
        catch (StateCellException)
        {
            // Whether it was written is not known; the next activation reads what is there.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Has the front scored on data that the search never saw, as a search of its own.</summary>
    private async Task StartReportAsync()
    {
        var front = await GrainFactory.GetGrain<IParetoArchiveGrain>(Name).GetFrontAsync(CancellationToken.None);
        var (definition, prepared) = (Record.Definition, Record.Prepared);
        var report = front.IsEmpty
            ? null
            : await Task.Run(async () => (await searches.OpenAsync(prepared, CancellationToken.None)).PrepareReport(front.Select(r => r.Trial.Genome)));
        if (report is not null)
        {
            await GrainFactory.GetGrain<ISearchCatalogGrain>(0).StartAsync(
                definition with { Name = SearchNames.OfReport(Name), Prepared = report }, CancellationToken.None);
        }
    }

    /// <summary>Or the archive would show the deleted search's front as that of the next search of its name.</summary>
    private async Task ForgetArchiveAsync(CancellationToken cancellation)
    {
        try
        {
            await GrainFactory.GetGrain<IParetoArchiveGrain>(Name).ForgetAsync(cancellation);
        }
        catch (NasClusterException)
        {
            // It was not active, and has nothing to become active from.
        }
    }

    private Task TellCatalogAsync(CancellationToken cancellation) =>
        GrainFactory.GetGrain<ISearchCatalogGrain>(0).StateChangedAsync(Name, Record.State, Record.Reason, cancellation);

    [LoggerMessage(LogLevel.Warning, "{Search} begins anew from what storage holds.")]
    private partial void LogBeginsAnew(Exception exception, string search);
}
