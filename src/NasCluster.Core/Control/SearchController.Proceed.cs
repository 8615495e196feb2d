using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <content>What follows from the state after an event, and the steps that events share.</content>
public sealed partial class SearchController
{
    private void Proceed()
    {
        if (!_isStopping && !_isPaused)
        {
            Distribute();
        }

        if (!_isStopping && _lookUps.Begin(_now) is { } lookUp)
        {
            _effects.Add(lookUp);
        }

        if (_writes.IsIdle)
        {
            Write();
        }
    }

    /// <summary>Leases are made up only when their start records can be written at once, from what is known then.</summary>
    private void Distribute()
    {
        if (!_writes.IsIdle)
        {
            Ask();
            return;
        }

        while (_ledger.QueuedAlone > 0 && _evaluators.Next is { } slot)
        {
            Prepare(slot, _ledger.PrepareAlone(slot));
        }

        Ask();
        var working = _evaluators.Capacity - _evaluators.IdleCapacity;
        while (_ledger.QueuedShared > 0 && _evaluators.Next is { } slot)
        {
            // Fewer trials than places are spread by batch size, so that no evaluator idles beside a full one. Those at work will be back
            // for their part of what is left before the search must wait: so batches shrink towards the end of a generation, and
            // nobody begins a full one while the others run dry (guided self-scheduling, Polychronopoulos and Kuck 1987).
            var left = (long)_ledger.QueuedShared + _search.UntilBarrier;
            var count = Math.Min(
                Share(_ledger.QueuedShared, slot.BatchSize, _evaluators.IdleCapacity),
                Share(left, slot.BatchSize, _evaluators.IdleCapacity + working));
            Prepare(slot, _ledger.PrepareShared(slot, (int)Math.Min(Math.Min(count, slot.BatchSize), _ledger.QueuedShared)));
        }

        static long Share(long trials, int places, long allPlaces) => ((trials * places) + allPlaces - 1) / allPlaces;
    }

    private void Prepare(EvaluatorSlot slot, Lease lease)
    {
        _evaluators.Serve(slot, lease);
        _prepared.Add(lease);
    }

    private void Ask()
    {
        // A trial that must be alone takes a whole evaluator: how much the others can take is known once it has one.
        while (!_searchWaits && _ledger.QueuedAlone == 0)
        {
            var wanted = _evaluators.IdleCapacity - _ledger.QueuedShared - _lookUps.Count;
            if (wanted <= 0)
            {
                return;
            }

            var count = (int)Math.Min(wanted, int.MaxValue);
            var entries = _book.Ask(count);
            _searchWaits = entries.Count < count;
            foreach (var entry in entries)
            {
                Admit(entry);
            }
        }

        if (_searchWaits && _ledger.Undecided == 0 && _told == _writes.NextSequence && !_search.IsFinished)
        {
            throw new InvalidOperationException("The search has been told everything it asked for, is not finished, and proposes nothing.");
        }
    }

    private void Admit(TrialEntry entry)
    {
        if (entry.Group.Outcome is { } known)
        {
            Record(entry, known, OutcomeSource.Remembered, own: null);
        }
        else if (entry.Group.Undecided[0] != entry)
        {
            entry.Stage = TrialStage.Following;
        }
        else if (_options.UseCache)
        {
            _lookUps.Add(entry);
        }
        else
        {
            _ledger.Enqueue(entry);
        }
    }

    private void Write()
    {
        ControllerSnapshot? Snapshot() => new(_told, _ledger.NextLease, _search.Snapshot());

        if (_writes.HasOutcomes || _prepared.Count > 0)
        {
            var starts = _prepared.SelectMany(lease => lease.Trials.Select(entry =>
                new StartRecord(lease.Id, entry.Trial.Id, lease.Evaluator.Id, _latest!.Value)));

            // A snapshot grows with the search, so they get rarer: all of them together take time proportional to the log, not to its square.
            var last = Math.Max(0, _snapshotPosition);
            var isDue = _told - last >= Math.Max(_options.SnapshotEvery, last / 4);
            _effects.Add(_writes.Begin([.. starts], isDue ? Snapshot() : null));
        }
        else if (_search.IsFinished || _isStopping)
        {
            if (_snapshotPosition < _told)
            {
                _effects.Add(_writes.Begin([], Snapshot()));
            }
            else
            {
                _isFinished = true;
                _effects.Add(new FinishEffect(_search.IsFinished ? FinishReason.Completed : FinishReason.Stopped));
            }
        }
    }

    /// <summary>Records an outcome for a trial and for all that share its key and have none.</summary>
    /// <param name="entry">The trial it was found for.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="source">Where it came from; the others remember it.</param>
    /// <param name="own">A lease whose end the caller sees to.</param>
    private void Record(TrialEntry entry, EvaluationOutcome outcome, OutcomeSource source, Lease? own)
    {
        var group = entry.Group;
        Append(entry, outcome, source, own);
        foreach (var other in group.Undecided.Where(other => other != entry))
        {
            Append(other, outcome, OutcomeSource.Remembered, own);
        }

        group.Decide(group.Outcome ?? outcome);
    }

    private void Append(TrialEntry entry, EvaluationOutcome outcome, OutcomeSource source, Lease? own)
    {
        _parked += source == OutcomeSource.Parked ? 1 : 0;
        _writes.Add(new OutcomeRecord(_writes.NextSequence, entry.Trial, entry.Group.Key, outcome, source, _latest!.Value));
        var lease = _ledger.Decide(entry);
        if (lease is null || lease == own || lease.Trials.Count > 0)
        {
            return;
        }

        // The outcome came another way, and its lease has nothing left to do.
        if (lease.State == LeaseState.Prepared)
        {
            Finish(lease);
        }
        else
        {
            Revoke(lease);
        }
    }

    private void Park(TrialEntry entry, string reason, Lease own)
    {
        _effects.Add(new NoticeEffect($"Trial {entry.Trial.Id} ({entry.Trial.Genome}): {reason}."));
        Record(entry, EvaluationOutcome.Failed(reason), OutcomeSource.Parked, own);
    }

    private void Lose(Lease lease)
    {
        foreach (var entry in _ledger.CountLoss(lease))
        {
            Park(entry, $"given up after {entry.LoneLosses} evaluators were lost while each worked on it alone", lease);
        }

        _retries += lease.Trials.Count;
    }

    private void Revoke(Lease lease)
    {
        _ledger.Revoke(lease, _now);
        _effects.Add(new RevokeEffect(lease.Evaluator.Id, lease.Id));
    }

    /// <summary>Ends a lease and frees its evaluator.</summary>
    private void Finish(Lease lease)
    {
        _ledger.Close(lease);
        if (_evaluators.Free(lease.Evaluator))
        {
            _effects.Add(new EvaluatorFreedEffect(lease.Evaluator.Id));
        }
    }

    private void Compare(TrialEntry entry, EvaluationOutcome second)
    {
        if (second.IsSuccess && !second.Equals(entry.Group.Outcome))
        {
            _effects.Add(new NoticeEffect(
                $"Trial {entry.Trial.Id}: a second outcome for key {entry.Group.Key} differs from the first, which stays: "
                + $"{second} against {entry.Group.Outcome}."));
        }
    }
}
