using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>How an <see cref="EmbeddedHost"/> works.</summary>
public sealed record EmbeddedHostOptions
{
    /// <summary>How many evaluations go on side by side, each on a thread of its own; at least 1. It never changes the result of a generational search.</summary>
    public int WorkerCount { get; init; } = 1;

    /// <summary>The most trials a worker evaluates in one call; at least 1.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>How the controller dispatches. The host sets the number of objectives and whether there is a cache.</summary>
    /// <remarks>
    /// Workers of this process cannot vanish, only hang, and an evaluation may go long without a sign of progress: hence a
    /// longer lease than in a cluster.
    /// </remarks>
    public ControllerOptions Controller { get; init; } = new() { LeaseDuration = TimeSpan.FromMinutes(10) };

    /// <summary>How often the controller hears the time; above zero, and at most a quarter of the lease duration.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many times in a row a write may fail before the run is given up; at least 1.</summary>
    public int WriteAttempts { get; init; } = 5;

    /// <summary>
    /// What hypervolume is measured against, one value per objective in its own unit and direction; null to derive it from the first
    /// 20 trials that succeed. It should be the same whenever a run is resumed.
    /// </summary>
    public IReadOnlyList<double>? ReferencePoint { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(WorkerCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TickInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TickInterval, Controller.LeaseDuration / 4);
    }
}
