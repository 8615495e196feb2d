using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Where a trial stands between being asked for and being recorded.</summary>
internal enum TrialStage
{
    /// <summary>Just asked for, or its key is being looked up in the cache.</summary>
    New,

    /// <summary>An earlier trial with the same key is under way; this one takes its outcome.</summary>
    Following,

    /// <summary>Waits for an evaluator.</summary>
    Queued,

    /// <summary>On a lease, prepared or live.</summary>
    Leased,

    /// <summary>Its outcome is in the log or on its way there; nothing changes it any more.</summary>
    Decided,
}

/// <summary>What the ledger knows of one trial.</summary>
internal sealed class TrialEntry(Trial trial, KeyGroup group)
{
    public Trial Trial { get; } = trial;

    public KeyGroup Group { get; } = group;

    public TrialStage Stage { get; set; } = TrialStage.New;

    /// <summary>The lease it is on; null unless <see cref="TrialStage.Leased"/>.</summary>
    public Lease? Lease { get; set; }

    /// <summary>Whether it was on a lease before and came back.</summary>
    public bool IsRequeued { get; set; }

    /// <summary>Whether it must have an evaluator to itself.</summary>
    public bool MustBeAlone { get; set; }

    /// <summary>Failures reported under live leases.</summary>
    public int Failures { get; set; }

    /// <summary>Live leases lost with it unreported, whoever shared them.</summary>
    public int Losses { get; set; }

    /// <summary>Those of <see cref="Losses"/> where it was dispatched alone.</summary>
    public int LoneLosses { get; set; }
}
