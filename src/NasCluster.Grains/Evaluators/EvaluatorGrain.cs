using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Core.Telemetry;
using Orleans.Concurrency;
using Orleans.Placement;

namespace NasCluster.Grains.Evaluators;

/// <inheritdoc cref="IEvaluatorGrain"/>
/// <remarks>Evaluation runs on a thread of its own, so that the grain answers at once whatever its device does.</remarks>
[EvaluatorPlacement, Immovable, KeepAlive, Reentrant]
internal sealed partial class EvaluatorGrain(
    EvaluationDevices devices, TimeProvider time, SearchMetrics metrics, ILogger<EvaluatorGrain> logger) : Grain, IEvaluatorGrain
{
    private static readonly TimeSpan AnnouncementInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a device may make no progress before its lease is left to run out: it hangs. Loading a large super-network, or one batch on
    /// a busy processor, may well take longer than a lease, and would be taken away and begun again for ever if only progress renewed it.
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    /// <summary>How long a call waits for the end of the work at most: whoever drains asks again, since calls must not be held open for long.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ending = new();
    private EvaluatorKey _key;
    private IEvaluationDevice _device = null!;
    private IDisposable? _gauges;
    private EvaluatorWork? _current;
    private EvaluatorWork? _next;
    private TaskCompletionSource? _idle;
    private int _unreported;
    private bool _isDraining;
    private long _drained;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = EvaluatorKey.Parse(this.GetPrimaryKeyString());
        _device = devices[_key.Device];
        _gauges = metrics.WatchDevice(_key.ToString(), () => new DeviceReading(_device.HeldBytes, _device.Loaded.Length));
        this.RegisterGrainTimer(AnnounceAsync, new GrainTimerCreationOptions(TimeSpan.Zero, AnnouncementInterval) { KeepAlive = true, Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _gauges?.Dispose();
        _ending.Cancel();
        _current?.Revoke();
        _next?.Revoke();
        return Task.CompletedTask;
    }

    public Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> DispatchAsync(Assignment assignment, CancellationToken cancellation)
    {
        if (_isDraining)
        {
            return Task.FromResult(Holds(_current, assignment));
        }

        if (Holds(_current, assignment) || Holds(_next, assignment))
        {
            return Task.FromResult(true);
        }

        var work = new EvaluatorWork(assignment, time);
        if (_current is { } current)
        {
            // Whoever dispatches now was lent the evaluator now: what it still does is for somebody who lost it, or died.
            current.Revoke();
            if (_next is { } waiting)
            {
                ReleaseAsync(waiting).Ignore();
            }

            _next = work;
        }
        else
        {
            CarryOutAsync(work).Ignore();
        }

        return Task.FromResult(true);
    }

    public Task RevokeAsync(string search, LeaseId lease, CancellationToken cancellation)
    {
        if (_current is { } current && current.Is(search, lease))
        {
            current.Revoke();
            return Task.CompletedTask;
        }

        if (_next is { } next && next.Is(search, lease))
        {
            _next = null;
            return ReleaseAsync(next);
        }

        return GrainFactory.GetGrain<IPopulationGrain>(search).ReleaseAsync(lease, cancellation);
    }

    public async Task<bool> DrainAsync(TimeSpan grace, CancellationToken cancellation)
    {
        if (!_isDraining)
        {
            _isDraining = true;
            _drained = time.GetTimestamp();
            await AnnounceAsync(cancellation);
        }

        if (_unreported == 0)
        {
            return true;
        }

        if (_current is { IsRevoked: false } current && time.GetElapsedTime(_drained) >= grace)
        {
            LogHandedBack(_key.Id, current.Assignment.Search);
            current.Revoke();
        }

        _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAny(_idle.Task, Task.Delay(DrainPatience, time, cancellation));
        return _idle.Task.IsCompleted;
    }

    private async Task CarryOutAsync(EvaluatorWork work)
    {
        _current = work;
        _unreported++;
        var began = time.GetTimestamp();
        IReadOnlyList<EvaluationOutcome> outcomes;
        using (var span = SearchTraces.BeginEvaluation(work.Assignment.Search, _key.ToString(), work.Assignment.Trials, work.Cause))
        using (Renewal(work))
        {
            outcomes = await Task.Factory.StartNew(
                () => work.EvaluateAsync(_device, count => metrics.TokensScored(_key.ToString(), count)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            span.Came(outcomes);
        }

        if (work.Lost is { } lost)
        {
            // Nothing more is taken on; what is held goes back, and whoever watches over the silo starts another.
            LogDeviceLost(lost, _key.Id);
            devices.Lose(lost);
            _isDraining = true;
            _drained = time.GetTimestamp();
            if (_next is { } waiting)
            {
                _next = null;
                ReleaseAsync(waiting).Ignore();
            }
        }

        var took = time.GetElapsedTime(began);
        devices.Count(_device.Name, outcomes, took);
        foreach (var outcome in outcomes)
        {
            metrics.Evaluated(_key.ToString(), took / outcomes.Count, outcome);
        }

        // Free before the report: the report may bring the next assignment at once.
        _current = null;
        if (_next is { } next)
        {
            _next = null;
            CarryOutAsync(next).Ignore();
        }

        try
        {
            await ReportAsync(work, outcomes);
        }
        finally
        {
            // Also when nobody takes the report: whoever drains this evaluator waits for it.
            work.Dispose();
            if (--_unreported == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private Task ReleaseAsync(EvaluatorWork work)
    {
        work.Revoke();
        return ReportAsync(work, []);
    }

    private static bool Holds(EvaluatorWork? work, Assignment assignment) => work is not null && work.Is(assignment.Search, assignment.Lease);

    /// <summary>Reports until somebody takes it: the population grain may be on its way from a dead silo to another.</summary>
    private async Task ReportAsync(EvaluatorWork work, IReadOnlyList<EvaluationOutcome> outcomes)
    {
        var search = GrainFactory.GetGrain<IPopulationGrain>(work.Assignment.Search);
        var reports = outcomes.Select((outcome, i) => new TrialReport(work.Assignment.Trials[i].Id, outcome)).ToImmutableArray();
        for (var delay = FirstRetry; !_ending.IsCancellationRequested; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
        {
            try
            {
                if (!reports.IsEmpty && !await search.ReportAsync(work.Assignment.Lease, reports, _ending.Token))
                {
                    return;
                }

                if (work.IsRevoked)
                {
                    await search.ReleaseAsync(work.Assignment.Lease, _ending.Token);
                }

                return;
            }
            catch (Exception exception) when (exception is not NasClusterException or StateCellException or RunStoreException)
            {
                LogReportFailed(exception, _key.Id, work.Assignment.Search);
                await Task.Delay(delay, time, CancellationToken.None);
            }
        }
    }

    private IGrainTimer Renewal(EvaluatorWork work)
    {
        var search = GrainFactory.GetGrain<IPopulationGrain>(work.Assignment.Search);
        var interval = work.Assignment.LeaseDuration / 6;
        return this.RegisterGrainTimer(
            _ =>
            {
                if (work.SinceProgress < LongestSilence)
                {
                    search.RenewAsync(work.Assignment.Lease).Ignore();
                }

                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(interval, interval) { KeepAlive = true, Interleave = true });
    }

    private async Task AnnounceAsync(CancellationToken cancellation)
    {
        try
        {
            await GrainFactory.GetGrain<IEvaluatorDirectoryGrain>(0).AnnounceAsync(
                new EvaluatorAnnouncement(
                    _key.Id, _key.Silo.Generation, _key.Silo.ToParsableString(), _device.BatchSize, _device.SuperNetworks, _device.Loaded, _isDraining)
                {
                    InHand = (_current?.Assignment.Trials.Length ?? 0) + (_next?.Assignment.Trials.Length ?? 0),
                    Tally = devices.TallyOf(_device.Name),
                },
                cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogAnnouncementFailed(exception, _key.Id); // Repeated in two seconds.
        }
    }

    [LoggerMessage(LogLevel.Error, "{Evaluator} works no more: its device is lost. The silo must be started anew.")]
    private partial void LogDeviceLost(Exception exception, EvaluatorId evaluator);

    [LoggerMessage(LogLevel.Information, "{Evaluator} hands back its work for {Search}: the grace period is over.")]
    private partial void LogHandedBack(EvaluatorId evaluator, string? search);

    [LoggerMessage(LogLevel.Warning, "{Evaluator} could not report to {Search}; it will try again.")]
    private partial void LogReportFailed(Exception exception, EvaluatorId evaluator, string search);

    [LoggerMessage(LogLevel.Warning, "{Evaluator} could not announce itself.")]
    private partial void LogAnnouncementFailed(Exception exception, EvaluatorId evaluator);
}
