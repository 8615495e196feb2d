namespace NasCluster.Core.Control;

/// <summary>How a <see cref="SearchController"/> dispatches.</summary>
public sealed record ControllerOptions
{
    /// <summary>How long a lease lasts without renewal.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many outcomes lie between two snapshots of the search at least; a quarter as many as before the earlier one where that is more.</summary>
    public int SnapshotEvery { get; init; } = 50;

    /// <summary>How long to wait before a failed write is sent again.</summary>
    public TimeSpan SaveRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many values a successful outcome has; null not to check. A success with another number is taken as a failure: once in the
    /// log, an outcome that the search refuses could never be replayed.
    /// </summary>
    public int? ObjectiveCount { get; init; }

    /// <summary>Whether to ask a cache before dispatching. An answer that takes longer than a lease is taken as "unknown".</summary>
    public bool UseCache { get; init; }

    /// <summary>Reported failures after which a trial is parked.</summary>
    public int FailuresBeforeParking { get; init; } = 3;

    /// <summary>Losses of its evaluator after which a trial is dispatched alone.</summary>
    public int LossesBeforeAlone { get; init; } = 2;

    /// <summary>Losses while alone on its evaluator after which a trial is parked.</summary>
    public int LoneLossesBeforeParking { get; init; } = 5;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LeaseDuration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SaveRetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SnapshotEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FailuresBeforeParking, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LossesBeforeAlone, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LoneLossesBeforeParking, 1);
        if (ObjectiveCount is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(ObjectiveCount));
        }
    }
}
