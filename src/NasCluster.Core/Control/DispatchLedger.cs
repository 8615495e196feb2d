using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Who works on what until when: every trial asked for, the queue, and the leases.</summary>
/// <remarks>
/// <para>A trial goes queued -> leased -> decided, or back to the queue. Re-queued trials go before new ones, each in the order
/// of their numbers; those that must be alone are kept apart and served first.</para>
/// <para>
/// Counting: a <em>failure</em> is reported by an evaluator under a live lease, and enough of them park a trial. A <em>loss</em>
/// is a live lease that ended without a report: expired, or its evaluator was lost or restarted. Every loss moves a trial
/// towards being dispatched alone, because the one that killed the evaluator must be found; only losses of leases that went
/// out with that single trial move it towards parking, because a trial that merely shared a batch with a killer is innocent.
/// So a killer is isolated after <see cref="ControllerOptions.LossesBeforeAlone"/> losses and parked after
/// <see cref="ControllerOptions.LoneLossesBeforeParking"/> lone ones, while its companions succeed alone.
/// </para>
/// <para>
/// Counts live in memory only. The death of the controller's own process is nobody's loss: a user may kill a run on a laptop
/// any number of times, and a start record without an outcome cannot tell that from a killer.
/// </para>
/// </remarks>
internal sealed class DispatchLedger(ControllerOptions options, long nextLease)
{
    private readonly Dictionary<TrialId, TrialEntry> _trials = [];
    private readonly SortedSet<TrialEntry> _alone = new(DispatchOrder);
    private readonly SortedSet<TrialEntry> _shared = new(DispatchOrder);
    private readonly Dictionary<LeaseId, Lease> _leases = [];
    private readonly PriorityQueue<Lease, (TimeSpan Deadline, long Lease)> _deadlines = new();

    /// <summary>The number of the next lease.</summary>
    public long NextLease { get; private set; } = nextLease;

    /// <summary>How many trials wait for an evaluator of their own.</summary>
    public int QueuedAlone => _alone.Count;

    /// <summary>How many trials wait for a place in a batch.</summary>
    public int QueuedShared => _shared.Count;

    /// <summary>How many leases are live.</summary>
    public int LiveCount => _leases.Values.Count(lease => lease.State == LeaseState.Live);

    /// <summary>How many trials are on live leases.</summary>
    public int LiveTrials => _leases.Values.Where(lease => lease.State == LeaseState.Live).Sum(lease => lease.Trials.Count);

    /// <summary>How many trials have no outcome yet.</summary>
    public int Undecided { get; private set; }

    private static IComparer<TrialEntry> DispatchOrder { get; } = Comparer<TrialEntry>.Create(static (a, b) =>
        a.IsRequeued != b.IsRequeued ? (a.IsRequeued ? -1 : 1) : a.Trial.Id.CompareTo(b.Trial.Id));

    public TrialEntry? Find(TrialId id) => _trials.GetValueOrDefault(id);

    public Lease? Find(LeaseId id) => _leases.GetValueOrDefault(id);

    /// <summary>Takes a trial in; it is not queued yet.</summary>
    public void Add(TrialEntry entry)
    {
        _trials.Add(entry.Trial.Id, entry);
        Undecided++;
    }

    /// <summary>Puts a trial into the queue.</summary>
    public void Enqueue(TrialEntry entry)
    {
        entry.Stage = TrialStage.Queued;
        (entry.MustBeAlone ? _alone : _shared).Add(entry);
    }

    /// <summary>Puts the next trial that must be alone on a lease to be recorded and dispatched.</summary>
    public Lease PrepareAlone(EvaluatorSlot evaluator) => Prepare(evaluator, _alone, 1);

    /// <summary>Puts the next trials of the shared queue on a lease to be recorded and dispatched.</summary>
    public Lease PrepareShared(EvaluatorSlot evaluator, int count) => Prepare(evaluator, _shared, count);

    /// <summary>Starts a prepared lease: its clock runs from now.</summary>
    public void Start(Lease lease, TimeSpan now)
    {
        lease.State = LeaseState.Live;
        lease.WasAlone = lease.Trials.Count == 1;
        SetDeadline(lease, now);
    }

    /// <summary>Renews a live lease.</summary>
    /// <remarks>Its place among the deadlines is corrected when it comes up, so a renewal costs nothing.</remarks>
    public void Renew(Lease lease, TimeSpan now) => lease.Deadline = now + options.LeaseDuration;

    /// <summary>A lease whose deadline has passed, live or revoked, the earliest first; null when there is none.</summary>
    public Lease? NextOverdue(TimeSpan now)
    {
        while (_deadlines.TryPeek(out var lease, out var due) && due.Deadline <= now)
        {
            _deadlines.Dequeue();
            lease.IsTimed = false;
            if (lease.State == LeaseState.Closed)
            {
                continue;
            }

            if (lease.Deadline <= now)
            {
                return lease;
            }

            Watch(lease);
        }

        return null;
    }

    /// <summary>Takes a lease back from an evaluator that may still hear of it: its trials are queued again, nothing is counted.</summary>
    public void Revoke(Lease lease, TimeSpan now)
    {
        RequeueAll(lease);
        lease.State = LeaseState.Revoked;
        SetDeadline(lease, now);
    }

    /// <summary>Ends a lease; trials left on it are queued again, nothing is counted.</summary>
    public void Close(Lease lease)
    {
        RequeueAll(lease);
        lease.State = LeaseState.Closed;
        _leases.Remove(lease.Id);
    }

    /// <summary>Counts the loss of a live lease against its trials, which stay on it.</summary>
    /// <returns>The trials to park, in the order of their numbers.</returns>
    public ImmutableArray<TrialEntry> CountLoss(Lease lease)
    {
        foreach (var entry in lease.Trials)
        {
            entry.Losses++;
            entry.LoneLosses += lease.WasAlone ? 1 : 0;
            entry.MustBeAlone = entry.Losses >= options.LossesBeforeAlone;
        }

        return [.. lease.Trials.Where(entry => entry.LoneLosses >= options.LoneLossesBeforeParking)];
    }

    /// <summary>Counts a failure reported under a live lease against a trial, which stays on it.</summary>
    /// <returns>Whether to park the trial.</returns>
    public bool CountFailure(TrialEntry entry) => ++entry.Failures >= options.FailuresBeforeParking;

    /// <summary>Takes a failed trial off its lease and queues it again.</summary>
    public void Requeue(TrialEntry entry)
    {
        entry.Lease!.Trials.Remove(entry);
        entry.Lease = null;
        entry.IsRequeued = true;
        Enqueue(entry);
    }

    /// <summary>Takes a trial out of the queue, or off its lease, for good.</summary>
    /// <returns>The lease it was on; null if it was on none.</returns>
    public Lease? Decide(TrialEntry entry)
    {
        var lease = entry.Lease;
        lease?.Trials.Remove(entry);
        entry.Lease = null;
        if (entry.Stage == TrialStage.Queued)
        {
            (entry.MustBeAlone ? _alone : _shared).Remove(entry);
        }

        entry.Stage = TrialStage.Decided;
        Undecided--;
        return lease;
    }

    /// <summary>The live leases in the order of their numbers.</summary>
    public ImmutableArray<Lease> LiveLeases() =>
        [.. _leases.Values.Where(lease => lease.State == LeaseState.Live).OrderBy(lease => lease.Id.Value)];

    private Lease Prepare(EvaluatorSlot evaluator, SortedSet<TrialEntry> queue, int count)
    {
        var lease = new Lease(new LeaseId(NextLease++), evaluator);
        for (var i = 0; i < count; i++)
        {
            var entry = queue.Min!;
            queue.Remove(entry);
            entry.Stage = TrialStage.Leased;
            entry.Lease = lease;
            lease.Trials.Add(entry);
        }

        _leases.Add(lease.Id, lease);
        return lease;
    }

    private void RequeueAll(Lease lease)
    {
        while (lease.Trials.Min is { } entry)
        {
            Requeue(entry);
        }
    }

    private void SetDeadline(Lease lease, TimeSpan now)
    {
        lease.Deadline = now + options.LeaseDuration;
        if (!lease.IsTimed)
        {
            Watch(lease);
        }
    }

    private void Watch(Lease lease)
    {
        _deadlines.Enqueue(lease, (lease.Deadline, lease.Id.Value));
        lease.IsTimed = true;
    }
}
