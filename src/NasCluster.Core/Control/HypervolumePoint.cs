using System.Collections.Immutable;

namespace NasCluster.Core.Control;

/// <summary>How good the front was after some outcome: one point of a run's history.</summary>
/// <remarks>A projection of the outcome log: it can always be computed again from it.</remarks>
/// <param name="Sequence">The outcome, by its place in the log, after which the front was taken.</param>
/// <param name="Evaluations">How many evaluated outcomes the log held up to and including it.</param>
/// <param name="ReferencePoint">The corner hypervolume is measured from, one value per objective in the objectives' own units and directions.</param>
/// <param name="Hypervolume">Volume between the front and the reference point; 0 when no point of the front is better than it everywhere.</param>
public sealed record HypervolumePoint(long Sequence, long Evaluations, ImmutableArray<double> ReferencePoint, double Hypervolume)
{
    /// <inheritdoc/>
    public bool Equals(HypervolumePoint? other) =>
        other is not null && Sequence == other.Sequence && Evaluations == other.Evaluations
        && ReferencePoint.AsSpan().SequenceEqual(other.ReferencePoint.AsSpan()) && Hypervolume.Equals(other.Hypervolume);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sequence, Evaluations, ReferencePoint.Length, Hypervolume);
}
