namespace NasCluster.Core.Control.Sharing;

/// <summary>How an <see cref="EvaluatorDirectory"/> shares.</summary>
public sealed record DirectoryOptions
{
    /// <summary>
    /// The least time for which a search keeps the evaluator that its share covers only in part; then it goes to whoever is owed most.
    /// </summary>
    /// <remarks>A change of hands waits for the batch at work, and the next search may need another super-network loaded: much below the
    /// time of a batch this buys nothing.</remarks>
    public TimeSpan Quantum { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an evaluator or a search may say nothing before it is taken as gone; several times the pause between its messages.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long after its start a directory lends nothing but only learns who holds what, so that no evaluator is lent that a search
    /// holds from before; above the pause between two enlistments of a search.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Quantum, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Silence, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(WarmUp, TimeSpan.Zero);
    }
}
