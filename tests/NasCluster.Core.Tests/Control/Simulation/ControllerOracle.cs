using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.Simulation.SimulationFailure;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>Follows one life of a controller from outside, by the rules as they are written down, and objects to every breach.</summary>
/// <remarks>It sees each event before the controller and every effect after it, and plans nothing itself.</remarks>
internal sealed class ControllerOracle(ControllerOptions options, SimulatedStorage storage)
{
    private readonly Dictionary<EvaluatorId, OracleEvaluator> _evaluators = [];
    private readonly Dictionary<LeaseId, OracleLease> _leases = [];
    private readonly Dictionary<TrialId, OracleTrial> _trials = [];
    private readonly Dictionary<EvaluationKey, EvaluationOutcome> _cached = [];
    private readonly HashSet<LeaseId> _mustRevoke = [];
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
            var idle = _evaluators.Values.Where(evaluator => evaluator.Holds is null && !evaluator.IsDraining).Sum(evaluator => evaluator.BatchSize);
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

    /// <summary>Checks what the controller made of the event.</summary>
    public void After(ControllerEvent controllerEvent, IReadOnlyList<ControllerEffect> effects)
    {
        Unless(!_isFinished || effects.Count == 0, "effects after the end");
        var prepared = _write is { } write && controllerEvent is SavedEvent saved && saved.Write == write.Write ? Settle() : [];
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case SaveEffect save:
                    Save(save, controllerEvent is TickEvent);
                    break;
                case DispatchEffect dispatch:
                    Dispatch(dispatch, prepared);
                    break;
                case RevokeEffect revoke:
                    Unless(_mustRevoke.Remove(revoke.Lease) || !_leases.TryGetValue(revoke.Lease, out var lease) || lease.IsRevoked, $"live lease {revoke.Lease} was revoked");
                    break;
                case PublishEffect publish:
                    foreach (var record in publish.Outcomes)
                    {
                        Unless(record.Sequence == _published++ && storage.Outcomes[(int)record.Sequence] == record, $"published {record.Sequence} out of order or before it was durable");
                    }

                    break;
                case FinishEffect finish:
                    Finish(finish);
                    break;
            }
        }

        foreach (var lease in prepared.Where(lease => !lease.IsDispatched && _leases.ContainsKey(lease.Id)))
        {
            Unless(_isPaused || _isStopped, $"lease {lease.Id} became durable but was not dispatched");
            Close(lease);
        }

        Unless(_mustRevoke.Count == 0, $"lease {_mustRevoke.FirstOrDefault()} should have been revoked");
        Unless(_told == storage.Outcomes.Count || _write is not null, "a durable outcome was not told");
        Unless(_published == _told, "told and published differ");
        CheckIdle();
    }

    /// <summary>Nobody is idle while a trial could be worked on.</summary>
    private void CheckIdle()
    {
        if (_isPaused || _isStopped || _isFinished || _write is not null || options.UseCache
            || !_evaluators.Values.Any(evaluator => evaluator.Holds is null && !evaluator.IsDraining))
        {
            return;
        }

        var working = _trials.Values.Where(trial => trial.Lease is not null).Select(trial => trial.Key).ToHashSet();
        var forgotten = _trials.Values.FirstOrDefault(trial => !trial.IsDecided && !working.Contains(trial.Key));
        Unless(forgotten is null, $"trial {forgotten?.Trial.Id} waits beside an idle evaluator");
    }

    private void Save(SaveEffect save, bool onTick)
    {
        if (_write is not null)
        {
            Unless(ReferenceEquals(save, _write), "a second write while one is in flight");
            Unless(_hasFailed && onTick && _now >= _retryFrom, "a write was repeated too early");
            _hasFailed = false;
            return;
        }

        Unless(save.Write > _lastWrite, $"write {save.Write} was used before");
        _lastWrite = save.Write;
        _write = save;
        var sequence = (long)storage.Outcomes.Count;
        Unless(_told == sequence, "a write before the last one was told");
        foreach (var record in save.Outcomes)
        {
            Unless(record.Sequence == sequence++, $"outcome {record.Sequence} is not the next of the log");
            CheckSource(record, save);
        }

        foreach (var starts in save.Starts.GroupBy(start => start.Lease))
        {
            Prepare(starts.Key, [.. starts]);
        }

        Unless(save.Snapshot is null || save.Snapshot.NextLease > _lastLease, "the snapshot's next lease was used before");
    }

    private void CheckSource(OutcomeRecord record, SaveEffect save)
    {
        var trial = _trials[record.Trial.Id];
        var isRight = record.Source switch
        {
            OutcomeSource.Evaluated => record.Outcome.Equals(trial.Reported),
            OutcomeSource.Parked => !record.Outcome.IsSuccess && (trial.Failures == options.FailuresBeforeParking || trial.LoneLosses == options.LoneLossesBeforeParking),
            _ => record.Outcome.Equals(_cached.GetValueOrDefault(record.Key))
                || storage.Outcomes.Concat(save.Outcomes.Where(other => other.Sequence < record.Sequence))
                    .Any(other => other.Key == record.Key && other.Outcome.Equals(record.Outcome)),
        };
        Unless(isRight, $"trial {record.Trial.Id} is recorded as {record.Source} without ground: {record.Outcome}");
        Decide(trial, own: null);
    }

    private void Prepare(LeaseId id, StartRecord[] starts)
    {
        Unless(id.Value > _lastLease, $"lease {id} was used before");
        Unless(!_isPaused && !_isStopped, "a start while paused or stopped");
        Unless(_evaluators.TryGetValue(starts[0].Evaluator, out var evaluator), $"a start on unknown evaluator {starts[0].Evaluator}");
        Unless(evaluator!.Holds is null && !evaluator.IsDraining, $"a start on evaluator {evaluator.Id}, which is busy or draining");
        Unless(starts.Length <= evaluator.BatchSize, $"{starts.Length} trials for evaluator {evaluator.Id} of {evaluator.BatchSize}");
        _lastLease = id.Value;
        var lease = evaluator.Holds = new OracleLease(id, evaluator);
        _leases.Add(id, lease);
        foreach (var start in starts)
        {
            var trial = _trials[start.Trial];
            Unless(start.Evaluator == evaluator.Id, "one lease on two evaluators");
            Unless(!trial.IsDecided, $"trial {start.Trial} starts though it has an outcome");
            Unless(trial.Lease is null, $"trial {start.Trial} starts under lease {id} while under lease {trial.Lease?.Id}");
            Unless(trial.Losses < options.LossesBeforeAlone || starts.Length == 1, $"trial {start.Trial} shares a lease after {trial.Losses} losses");
            Unless(
                !_trials.Values.Any(other => other != trial && other.Lease is not null && other.Key == trial.Key),
                $"key {trial.Key} is evaluated twice at the same time");
            trial.Lease = lease;
            lease.Trials.Add(start.Trial);
        }
    }

    private List<OracleLease> Settle()
    {
        _write = null;
        _hasFailed = false;
        return [.. _leases.Values.Where(lease => !lease.IsDispatched)];
    }

    private void Dispatch(DispatchEffect dispatch, List<OracleLease> prepared)
    {
        var lease = prepared.FirstOrDefault(lease => lease.Id == dispatch.Lease && _leases.ContainsKey(lease.Id));
        Unless(lease is not null, $"lease {dispatch.Lease} was dispatched, but no write with it has just become durable");
        Unless(lease!.Evaluator.Id == dispatch.Evaluator && !lease.IsDispatched && !_isPaused && !_isStopped, $"lease {dispatch.Lease} was dispatched wrongly");
        Unless(dispatch.Trials.All(trial => storage.Starts.Contains((dispatch.Lease, trial.Id))), $"lease {dispatch.Lease} was dispatched before its starts were durable");
        Unless(dispatch.Trials.Select(trial => trial.Id).SequenceEqual(lease.Trials), $"lease {dispatch.Lease} was dispatched with other trials");
        lease.IsDispatched = true;
        lease.WasAlone = lease.Trials.Count == 1;
        lease.Deadline = _now + options.LeaseDuration;
    }

    private void Finish(FinishEffect finish)
    {
        _isFinished = true;
        Unless(_write is null && storage.Snapshot?.Position == storage.Outcomes.Count && _told == storage.Outcomes.Count, "finished with something unsaved");
        Unless(finish.Reason == FinishReason.Completed || _isStopped, "stopped without being asked to");
        Unless(!LiveLeases.Any(), "finished with a live lease");
        Unless(!_trials.Values.Any(trial => trial.Reported is not null && !storage.Outcomes.Any(record => record.Trial.Id == trial.Trial.Id)), "finished without a reported outcome");
    }

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
        if (lease.Evaluator.IsDraining)
        {
            _evaluators.Remove(lease.Evaluator.Id);
        }
    }
}
