using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Runs;
using NasCluster.Core.Telemetry;

namespace NasCluster.Grains.Searches;

/// <content>Stages: which is next and what it needs, prepared searches say; another grain carries them out, and this one asks for them.</content>
internal sealed partial class PopulationGrain
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    /// <summary>The stages before the search, while they are carried out.</summary>
    private Task? _staging;
    private string? _stage;

    public async Task<SearchOrders?> GetOrdersAsync(CancellationToken cancellation)
    {
        var prepared = Record.Prepared;
        var search = _search is { Orders: not null } known ? known : await Task.Run(() => searches.OpenAsync(prepared, cancellation), cancellation);
        return search.Orders is { } orders ? SearchOrders.From(orders) : null;
    }

    /// <summary>Carries out the stages before the search, one after the other, and then begins it.</summary>
    private async Task CarryOutStagesAsync(IRunnableSearch search, RunnableStage first, CancellationToken stopping)
    {
        await Task.Yield(); // Whoever begins it waits for nothing of it.
        try
        {
            for (var stage = first; stage is not null; stage = search.NextStage)
            {
                var standing = await AwaitStageAsync(stage, 0, stopping);
                var prepared = search.After(standing.Content!);
                await ChangeAsync(r => r with { Staged = prepared, Stages = r.Stages.Add(standing.Record!) });
                search = searches.Read(prepared);
            }

            _staging = null;
            _stage = null;
            await BeginAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Stopped, or the next activation goes on with what is recorded.
        }
        catch (NasClusterException exception) when (IsFinal(exception))
        {
            await ChangeAsync(r => r with { State = SearchState.Failed, Reason = exception.Message });
            await TellCatalogAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogBeginsAnew(exception, Name);
            DeactivateOnIdle();
        }
        finally
        {
            _staging = null;
            _stage = null;
        }
    }

    /// <summary>Does what is left to do once every outcome is recorded; were it interrupted, the search would come to its end once more and do it again.</summary>
    private async Task CompleteAsync(Conduct conduct)
    {
        await GrainFactory.GetGrain<IParetoArchiveGrain>(Name).CompleteAsync(conduct.Recorded, CancellationToken.None);
        await StartReportAsync();
        try
        {
            var record = Record;
            var search = await Task.Run(() => searches.OpenAsync(record.Prepared, CancellationToken.None));
            var outcomes = await new CellRunStore(storage.OfSearch(Name), $"{GrainContext.ActivationId} end").ReadOutcomesAsync(CancellationToken.None);
            var last = await Task.Run(() => search.LastStage(outcomes));
            if (last is null)
            {
                await ChangeAsync(r => r with { State = SearchState.Completed });
                return;
            }

            // It needs no evaluators any more.
            await GrainFactory.GetGrain<IEvaluatorDirectoryGrain>(0).LeaveAsync(new SearchId(Name), CancellationToken.None);
            var standing = await AwaitStageAsync(last, conduct.Recorded, _stopping.Token);
            await ChangeAsync(r => r with { State = SearchState.Completed, Stages = r.Stages.Add(standing.Record!) });
        }
        catch (OperationCanceledException) when (!_isLeaving)
        {
            await GrainFactory.GetGrain<IStageGrain>(Name).GiveUpAsync(CancellationToken.None);
            await ChangeAsync(r => r with { State = SearchState.Stopped });
        }
        catch (NasClusterException exception) when (IsFinal(exception))
        {
            await ChangeAsync(r => r with { State = SearchState.Failed, Reason = exception.Message });
        }
        finally
        {
            _stage = null;
        }
    }

    /// <summary>Asks for a stage until it is done, on whatever silo it is carried out.</summary>
    private async Task<StageStanding> AwaitStageAsync(RunnableStage stage, long recorded, CancellationToken stopping)
    {
        var grain = GrainFactory.GetGrain<IStageGrain>(Name);
        _stage = stage.Name;

        // Or whoever sets the number of evaluators by how many are wanted would leave none.
        using var gauges = metrics.Watch(Name);
        gauges.Report(new SearchReading(ControllerStatus.DuringStage(recorded), _search!.EvaluationCount));
        for (var delay = FirstRetry; ;)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                if (await grain.CarryOutAsync(stage.Prepared, stopping) is { IsDone: true } standing)
                {
                    return standing;
                }

                delay = FirstRetry;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested && (exception is not NasClusterException || exception is StateCellException))
            {
                // Its silo has died, is about to leave, or there is none: the next call finds another.
                LogStageNotReached(exception, Name, stage.Name);
                await Task.Delay(delay, time, stopping);
                delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry;
            }
        }
    }

    private async Task StopStagesAsync(Task staging, CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await staging.WaitAsync(cancellation);
        await ChangeAsync(r => r.State is SearchState.Running or SearchState.Paused ? r with { State = SearchState.Stopped } : r);
        await GrainFactory.GetGrain<IStageGrain>(Name).GiveUpAsync(cancellation);
        await TellCatalogAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "{Search}: the stage {Stage} could not be asked for; it will be again.")]
    private partial void LogStageNotReached(Exception exception, string search, string stage);
}
