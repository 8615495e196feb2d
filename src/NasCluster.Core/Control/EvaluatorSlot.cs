namespace NasCluster.Core.Control;

/// <summary>One evaluator that joined, and the one lease it may hold.</summary>
internal sealed class EvaluatorSlot(EvaluatorId id, int batchSize)
{
    public EvaluatorId Id { get; } = id;

    public int BatchSize { get; } = batchSize;

    /// <summary>When it was served last (or joined), as a running number: the smallest is served next.</summary>
    public long Turn { get; set; }

    /// <summary>Whether it takes no more work.</summary>
    public bool IsDraining { get; set; }

    /// <summary>What it works on, is about to be sent, or has yet to drop; null when it is free.</summary>
    public Lease? Lease { get; set; }
}
