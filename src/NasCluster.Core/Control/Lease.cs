namespace NasCluster.Core.Control;

/// <summary>Where a lease stands.</summary>
internal enum LeaseState
{
    /// <summary>Its start records are on their way to storage; the evaluator has not heard of it and no clock runs.</summary>
    Prepared,

    /// <summary>Dispatched; runs out unless renewed.</summary>
    Live,

    /// <summary>Taken back; its evaluator gets nothing new until it says that it has dropped it.</summary>
    Revoked,

    /// <summary>Over: everything reported, or dropped, or its evaluator is gone.</summary>
    Closed,
}

/// <summary>One dispatch of trials to an evaluator.</summary>
internal sealed class Lease(LeaseId id, EvaluatorSlot evaluator)
{
    public LeaseId Id { get; } = id;

    public EvaluatorSlot Evaluator { get; } = evaluator;

    public LeaseState State { get; set; } = LeaseState.Prepared;

    /// <summary>The trials still to be reported, in the order of their numbers.</summary>
    public SortedSet<TrialEntry> Trials { get; } = new(ById);

    /// <summary>Whether it went out with a single trial. Reports do not change that: the last one of a batch was not alone.</summary>
    public bool WasAlone { get; set; }

    /// <summary>When it runs out (live), or is revoked once more (revoked).</summary>
    public TimeSpan Deadline { get; set; }

    /// <summary>Whether it is among the ledger's deadlines, perhaps under an earlier one.</summary>
    public bool IsTimed { get; set; }

    private static IComparer<TrialEntry> ById { get; } = Comparer<TrialEntry>.Create((a, b) => a.Trial.Id.CompareTo(b.Trial.Id));
}
