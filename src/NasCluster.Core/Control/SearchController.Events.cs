using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <content>What each event changes.</content>
public sealed partial class SearchController
{
    private void Take(ControllerEvent controllerEvent)
    {
        switch (controllerEvent)
        {
            case TickEvent:
                Tick();
                break;
            case EvaluatorJoinedEvent joined:
                Join(joined);
                break;
            case EvaluatorLostEvent lost:
                Forget(lost.Evaluator);
                break;
            case EvaluatorDrainingEvent draining:
                Drain(draining.Evaluator);
                break;
            case LeaseRenewedEvent renewed:
                Renew(renewed.Lease);
                break;
            case LeaseReleasedEvent released:
                Release(released.Lease);
                break;
            case OutcomeReportedEvent reported:
                Report(reported);
                break;
            case LookedUpEvent lookedUp:
                LookedUp(lookedUp);
                break;
            case SavedEvent saved:
                Saved(saved.Write);
                break;
            case SaveFailedEvent failed:
                _writes.Fail(failed.Write, _now + _options.SaveRetryDelay);
                break;
            case PauseRequestedEvent:
                _isPaused = true;
                break;
            case ContinueRequestedEvent:
                _isPaused = false;
                break;
            case StopRequestedEvent:
                Stop();
                break;
            default:
                throw new ArgumentException($"Unknown event {controllerEvent.GetType().Name}.", nameof(controllerEvent));
        }
    }

    private void Tick()
    {
        while (_ledger.NextOverdue(_now) is { } lease)
        {
            if (lease.State == LeaseState.Live)
            {
                _effects.Add(new NoticeEffect(
                    $"Lease {lease.Id} of {lease.Evaluator.Id} ran out with {lease.Trials.Count} of its trials not reported."));
                _expired++;
                Lose(lease);
            }

            Revoke(lease);
        }

        foreach (var entry in _lookUps.Overdue(_now))
        {
            AfterLookUp(entry, found: null);
        }

        if (_writes.Retry(_now) is { } again)
        {
            _effects.Add(again);
        }
    }

    private void Join(EvaluatorJoinedEvent joined)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(joined.BatchSize, 1);

        // It may be a repeated message from an evaluator that still works: then it should stop.
        if (_evaluators.Find(joined.Evaluator)?.Lease is { State: LeaseState.Live } held)
        {
            _effects.Add(new RevokeEffect(joined.Evaluator, held.Id));
        }

        Forget(joined.Evaluator);
        _evaluators.Add(joined.Evaluator, joined.BatchSize);
    }

    private void Forget(EvaluatorId evaluator)
    {
        if (_evaluators.Find(evaluator) is not { } slot)
        {
            return;
        }

        if (slot.Lease is { } lease)
        {
            if (lease.State == LeaseState.Live)
            {
                Lose(lease);
            }

            _ledger.Close(lease);
        }

        _evaluators.Remove(slot);
    }

    private void Drain(EvaluatorId evaluator)
    {
        if (_evaluators.Find(evaluator) is { } slot)
        {
            if (_evaluators.Drain(slot))
            {
                _effects.Add(new EvaluatorFreedEffect(evaluator));
            }
            else if (slot.Lease is { State: LeaseState.Prepared } lease)
            {
                Finish(lease);
            }
        }
    }

    private void Renew(LeaseId id)
    {
        var lease = _ledger.Find(id);
        if (lease?.State == LeaseState.Live)
        {
            _ledger.Renew(lease, _now);
        }
        else if (lease?.State == LeaseState.Revoked)
        {
            _effects.Add(new RevokeEffect(lease.Evaluator.Id, id));
        }
    }

    private void Release(LeaseId id)
    {
        if (_ledger.Find(id) is { State: LeaseState.Live or LeaseState.Revoked } lease)
        {
            Finish(lease);
        }
    }

    private void Report(OutcomeReportedEvent reported)
    {
        if (reported.Lease.Value >= _ledger.NextLease || _ledger.Find(reported.Trial) is not { } entry)
        {
            // Either it is not meant for this search, or the trial was not asked for again since a crash: it will be evaluated anew.
            _effects.Add(new NoticeEffect(
                $"A report of trial {reported.Trial} under lease {reported.Lease} is ignored: nothing like it was given out."));
            return;
        }

        var outcome = Checked(reported.Outcome);
        if (entry.Stage == TrialStage.Decided)
        {
            Compare(entry, outcome);
            return;
        }

        var lease = entry.Lease is { State: LeaseState.Live } held && held.Id == reported.Lease ? held : null;
        if (outcome.IsSuccess)
        {
            Record(entry, outcome, OutcomeSource.Evaluated, lease);
        }
        else if (lease is null)
        {
            return;
        }
        else if (_ledger.CountFailure(entry))
        {
            Park(entry, $"given up after {entry.Failures} failures, the last: {outcome.Failure}", lease);
        }
        else
        {
            _retries++;
            _ledger.Requeue(entry);
        }

        if (lease is { Trials.Count: 0 })
        {
            Finish(lease);
        }
    }

    private EvaluationOutcome Checked(EvaluationOutcome outcome) =>
        outcome.IsSuccess && _options.ObjectiveCount is { } count && outcome.Values.Length != count
            ? EvaluationOutcome.Failed($"the evaluator gave {outcome.Values.Length} values for {count} objectives")
            : outcome;

    private void LookedUp(LookedUpEvent lookedUp)
    {
        foreach (var entry in _lookUps.Complete(lookedUp.LookUp))
        {
            var found = lookedUp.Found.GetValueOrDefault(entry.Group.Key);
            AfterLookUp(entry, found is null ? null : Checked(found));
        }
    }

    private void AfterLookUp(TrialEntry entry, EvaluationOutcome? found)
    {
        if (entry.Stage == TrialStage.Decided)
        {
            // Somebody reported it under a lease from before a crash while the cache was searched.
            if (found is not null)
            {
                Compare(entry, found);
            }
        }
        else if (found is { IsSuccess: true })
        {
            Record(entry, found, OutcomeSource.Remembered, own: null);
        }
        else
        {
            _ledger.Enqueue(entry);
        }
    }

    private void Saved(long write)
    {
        if (_writes.Complete(write) is not { } done)
        {
            return;
        }

        _snapshotPosition = done.Snapshot?.Position ?? _snapshotPosition;
        foreach (var record in done.Outcomes)
        {
            _search.Tell(record.Trial.Id, record.Outcome);
            _told++;
            _searchWaits = false;
        }

        if (!done.Outcomes.IsEmpty)
        {
            _effects.Add(new PublishEffect(done.Outcomes));
        }

        foreach (var lease in _prepared.Where(lease => lease.State == LeaseState.Prepared))
        {
            if (_isPaused)
            {
                Finish(lease);
                continue;
            }

            _ledger.Start(lease, _now);
            _effects.Add(new DispatchEffect(lease.Evaluator.Id, lease.Id, [.. lease.Trials.Select(entry => entry.Trial)]));
        }

        _prepared.Clear();
    }

    private void Stop()
    {
        _isStopping = true;
        foreach (var lease in _prepared.Where(lease => lease.State == LeaseState.Prepared))
        {
            Finish(lease);
        }

        foreach (var lease in _ledger.LiveLeases())
        {
            Revoke(lease);
        }
    }
}
