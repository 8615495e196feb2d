using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.Simulation.SimulationFailure;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>Follows one life of a controller from outside, by the rules as they are written down, and objects to every breach.</summary>
/// <remarks>It sees each event before the controller and every effect after it, and plans nothing itself.</remarks>
internal sealed partial class ControllerOracle(ControllerOptions options, SimulatedStorage storage)
{
    private readonly Dictionary<EvaluatorId, OracleEvaluator> _evaluators = [];
    private readonly Dictionary<LeaseId, OracleLease> _leases = [];
    private readonly Dictionary<TrialId, OracleTrial> _trials = [];
    private readonly Dictionary<EvaluationKey, EvaluationOutcome> _cached = [];
    private readonly HashSet<LeaseId> _mustRevoke = [];
    private readonly HashSet<EvaluatorId> _mustFree = [];
    private readonly HashSet<EvaluatorId> _freed = [];
    private DateTimeOffset? _latest;
    private TimeSpan _now;
    private TimeSpan _retryFrom;
    private SaveEffect? _write;
    private bool _hasFailed;
    private bool _isPaused;
    private bool _isStopped;
    private bool _isFinished;
    private long _lastWrite;
    private long _lastLease = storage.Recover().NextLease - 1;
    private long _told = storage.Snapshot?.Position ?? 0;
    private long _published = storage.Outcomes.Count;

    /// <summary>Dispatches that ended in an outcome.</summary>
    public int Useful { get; private set; }

    /// <summary>Recorded starts that did not: failed, lost, taken back, overtaken, or never dispatched.</summary>
    public int Wasted { get; private set; }

    public IEnumerable<OracleLease> LiveLeases => _leases.Values.Where(lease => lease.IsLive);

    public OracleTrial? Find(TrialId id) => _trials.GetValueOrDefault(id);

    public OracleLease? Held(EvaluatorId id) => _evaluators.GetValueOrDefault(id)?.Holds;

    /// <summary>Ends the life: what was started is wasted.</summary>
    public void Die() => Wasted += _leases.Values.Sum(lease => lease.Trials.Count);

    public void OnAsk(int count, IReadOnlyList<Trial> trials)
    {
        // While the log is replayed no evaluator is known, and trials are asked for one by one.
        if (_latest is not null)
        {
            var idle = _evaluators.Values.Where(IsIdle).Sum(evaluator => evaluator.BatchSize);
            Unless(count <= idle, $"asked for {count} trials with room for {idle}");
            Unless(!_isPaused && !_isStopped, "asked for trials while paused or stopped");
        }

        foreach (var trial in trials)
        {
            Unless(_trials.TryAdd(trial.Id, new OracleTrial(trial)), $"trial {trial.Id} was handed out twice");
        }
    }

    public void OnTell(TrialId id, EvaluationOutcome outcome)
    {
        Unless(_told < storage.Outcomes.Count, $"trial {id} was told before it was durable");
        var record = storage.Outcomes[(int)_told++];
        Unless(record.Trial.Id == id && record.Outcome.Equals(outcome), $"trial {id} was told where the log has trial {record.Trial.Id}");
        _trials[id].IsDecided = true;
    }

    /// <summary>Follows an event, before the controller gets it.</summary>
    public void Before(ControllerEvent controllerEvent)
    {
        var step = controllerEvent.At - (_latest ?? controllerEvent.At);
        _now += step < TimeSpan.Zero ? TimeSpan.Zero : step > options.LeaseDuration / 2 ? options.LeaseDuration / 2 : step;
        _latest = _latest > controllerEvent.At ? _latest : controllerEvent.At;
        _mustRevoke.Clear();
        _mustFree.Clear();
        _freed.Clear();
        switch (controllerEvent)
        {
            case TickEvent:
                foreach (var lease in LiveLeases.Where(lease => lease.Deadline <= _now).OrderBy(lease => lease.Id.Value).ToList())
                {
                    _mustRevoke.Add(lease.Id);
                    Lose(lease);
                    lease.IsRevoked = true;
                }

                break;
            case EvaluatorJoinedEvent joined:
                Leave(joined.Evaluator);
                _evaluators[joined.Evaluator] = new OracleEvaluator(joined.Evaluator, joined.BatchSize);
                break;
            case EvaluatorLostEvent lost:
                Leave(lost.Evaluator);
                break;
            case EvaluatorDrainingEvent draining when _evaluators.TryGetValue(draining.Evaluator, out var evaluator):
                evaluator.IsDraining = true;
                if (evaluator.Holds is { IsDispatched: false } prepared)
                {
                    Close(prepared);
                }
                else if (evaluator.Holds is null)
                {
                    _evaluators.Remove(evaluator.Id);
                    _mustFree.Add(evaluator.Id);
                }

                break;
            case LeaseRenewedEvent renewed when _leases.TryGetValue(renewed.Lease, out var lease) && lease.IsLive:
                lease.Deadline = _now + options.LeaseDuration;
                break;
            case LeaseReleasedEvent released when _leases.TryGetValue(released.Lease, out var lease) && lease.IsDispatched:
                Close(lease);
                break;
            case OutcomeReportedEvent reported:
                Report(reported);
                break;
            case LookedUpEvent lookedUp:
                foreach (var (key, outcome) in lookedUp.Found)
                {
                    _cached[key] = outcome;
                }

                break;
            case SaveFailedEvent failed when failed.Write == _write?.Write && !_hasFailed:
                _hasFailed = true;
                _retryFrom = _now + options.SaveRetryDelay;
                break;
            case PauseRequestedEvent:
                _isPaused = true;
                break;
            case ContinueRequestedEvent:
                _isPaused = false;
                break;
            case StopRequestedEvent:
                _isStopped = true;
                foreach (var lease in _leases.Values.Where(lease => !lease.IsRevoked).ToList())
                {
                    TakeBack(lease);
                    lease.IsRevoked = true;
                    if (lease.IsDispatched)
                    {
                        _mustRevoke.Add(lease.Id);
                    }
                    else
                    {
                        Close(lease);
                    }
                }

                break;
        }
    }

    private static bool IsIdle(OracleEvaluator evaluator) => evaluator.Holds is null && !evaluator.IsDraining;

    private void Report(OutcomeReportedEvent reported)
    {
        if (!_trials.TryGetValue(reported.Trial, out var trial) || trial.IsDecided)
        {
            return;
        }

        var own = trial.Lease is { IsLive: true } held && held.Id == reported.Lease ? held : null;
        if (reported.Outcome.IsSuccess)
        {
            trial.Reported = reported.Outcome;
            Useful += own is null ? 0 : 1;
            Decide(trial, own);
        }
        else if (own is not null)
        {
            Wasted++;
            own.Trials.Remove(trial.Trial.Id);
            trial.Lease = null;
            if (++trial.Failures == options.FailuresBeforeParking)
            {
                Decide(trial, own);
            }
        }

        if (own is { Trials.Count: 0 })
        {
            Close(own);
        }
    }

    /// <summary>A key has an outcome: every trial of it leaves its lease.</summary>
    private void Decide(OracleTrial decided, OracleLease? own)
    {
        foreach (var trial in _trials.Values.Where(trial => !trial.IsDecided && trial.Key == decided.Key).ToList())
        {
            trial.IsDecided = true;
            var lease = trial.Lease;
            trial.Lease = null;
            if (lease is null)
            {
                continue;
            }

            lease.Trials.Remove(trial.Trial.Id);
            Wasted += lease == own ? 0 : 1;
            if (lease != own && lease.Trials.Count == 0)
            {
                if (!lease.IsDispatched)
                {
                    Close(lease);
                }
                else if (lease.IsLive)
                {
                    lease.IsRevoked = true;
                    _mustRevoke.Add(lease.Id);
                }
            }
        }
    }

    private void Leave(EvaluatorId id)
    {
        if (_evaluators.Remove(id, out var evaluator) && evaluator.Holds is { } lease)
        {
            if (lease.IsLive)
            {
                Lose(lease);
            }

            Close(lease);
        }
    }

    private void Lose(OracleLease lease)
    {
        var lost = lease.Trials.Select(id => _trials[id]).ToList();
        TakeBack(lease);
        foreach (var trial in lost)
        {
            trial.Losses++;
            trial.LoneLosses += lease.WasAlone ? 1 : 0;
            if (trial.LoneLosses == options.LoneLossesBeforeParking)
            {
                Decide(trial, lease);
            }
        }
    }

    private void TakeBack(OracleLease lease)
    {
        Wasted += lease.Trials.Count;
        foreach (var id in lease.Trials)
        {
            _trials[id].Lease = null;
        }

        lease.Trials.Clear();
    }

    private void Close(OracleLease lease)
    {
        TakeBack(lease);
        _leases.Remove(lease.Id);
        lease.Evaluator.Holds = null;
        if (lease.Evaluator.IsDraining && _evaluators.Remove(lease.Evaluator.Id))
        {
            _mustFree.Add(lease.Evaluator.Id);
        }
    }
}
