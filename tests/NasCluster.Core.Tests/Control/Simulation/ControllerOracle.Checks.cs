using NasCluster.Core.Control;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.Simulation.SimulationFailure;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <content>What the effects of an event must satisfy.</content>
internal sealed partial class ControllerOracle
{
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
                    Unless(
                        _mustRevoke.Remove(revoke.Lease) || !_leases.TryGetValue(revoke.Lease, out var lease) || lease.IsRevoked,
                        $"live lease {revoke.Lease} was revoked");
                    break;
                case PublishEffect publish:
                    foreach (var record in publish.Outcomes)
                    {
                        Unless(
                            record.Sequence == _published++ && storage.Outcomes[(int)record.Sequence] == record,
                            $"published {record.Sequence} out of order or before it was durable");
                    }

                    break;
                case EvaluatorFreedEffect freed:
                    Unless(_freed.Add(freed.Evaluator), $"evaluator {freed.Evaluator} was freed twice");
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

        Unless(_freed.SetEquals(_mustFree), $"freed were {string.Join(" ", _freed)} instead of {string.Join(" ", _mustFree)}");
        Unless(_mustRevoke.Count == 0, $"lease {_mustRevoke.FirstOrDefault()} should have been revoked");
        Unless(_told == storage.Outcomes.Count || _write is not null, "a durable outcome was not told");
        Unless(_published == _told, "told and published differ");
        CheckIdle();
    }

    /// <summary>What the controller says of itself between events.</summary>
    public void CheckFigures(SearchController controller, ISearch search)
    {
        if (_isFinished)
        {
            Unless(controller.EvaluatorsWanted == 0, "a finished search wants evaluators");
            return;
        }

        var known = _evaluators.Values.OrderBy(evaluator => evaluator.Id.Value, StringComparer.Ordinal)
            .Select(evaluator => new HeldEvaluator(evaluator.Id, evaluator.BatchSize, evaluator.Holds is not null, evaluator.IsDraining));
        Unless(controller.Evaluators.SequenceEqual(known), "the evaluators it says it has are not those it has");
        var working = _evaluators.Values.Count(evaluator => evaluator.Holds is not null && !evaluator.IsDraining);

        // A trial that gets its outcome by a late report while the cache is searched counts until the search is over.
        var waiting = _trials.Values.Count(trial => trial.Lease is null && (options.UseCache || !trial.IsDecided));
        var most = working + waiting + controller.Status.Untold + search.Available;
        var wanted = controller.EvaluatorsWanted;
        Unless(wanted >= working && (wanted <= most || wanted == working), $"it wants {wanted} evaluators, of {working} to {most}");
        Unless((!_isPaused && !_isStopped) || wanted == working, $"it wants {wanted} evaluators while paused or stopping");
        Unless(controller.Status.Leases == LiveLeases.Count(), "it counts other live leases than there are");
    }

    /// <summary>Nobody is idle while a trial could be worked on.</summary>
    private void CheckIdle()
    {
        if (_isPaused || _isStopped || _isFinished || _write is not null || options.UseCache
            || !_evaluators.Values.Any(IsIdle))
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
            OutcomeSource.Parked => !record.Outcome.IsSuccess
                && (trial.Failures == options.FailuresBeforeParking || trial.LoneLosses == options.LoneLossesBeforeParking),
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
            Unless(
                trial.Losses < options.LossesBeforeAlone || starts.Length == 1,
                $"trial {start.Trial} shares a lease after {trial.Losses} losses");
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
        Unless(
            lease!.Evaluator.Id == dispatch.Evaluator && !lease.IsDispatched && !_isPaused && !_isStopped,
            $"lease {dispatch.Lease} was dispatched twice, to another evaluator, or while paused or stopped");
        Unless(
            dispatch.Trials.All(trial => storage.Starts.Contains((dispatch.Lease, trial.Id))),
            $"lease {dispatch.Lease} was dispatched before its starts were durable");
        Unless(
            dispatch.Trials.Select(trial => trial.Id).SequenceEqual(lease.Trials),
            $"lease {dispatch.Lease} was dispatched with other trials");
        lease.IsDispatched = true;
        lease.WasAlone = lease.Trials.Count == 1;
        lease.Deadline = _now + options.LeaseDuration;
    }

    private void Finish(FinishEffect finish)
    {
        _isFinished = true;
        Unless(
            _write is null && storage.Snapshot?.Position == storage.Outcomes.Count && _told == storage.Outcomes.Count,
            "finished with something unsaved");
        Unless(finish.Reason == FinishReason.Completed || _isStopped, "stopped without being asked to");
        Unless(!LiveLeases.Any(), "finished with a live lease");
        var logged = storage.Outcomes.Select(record => record.Trial.Id).ToHashSet();
        Unless(
            !_trials.Values.Any(trial => trial.Reported is not null && !logged.Contains(trial.Trial.Id)),
            "finished without a reported outcome");
    }
}
