using System.Collections.Immutable;

namespace NasCluster.Evaluation;

/// <summary>Which evaluation sets: what a key needs to know of them, without a token id.</summary>
/// <param name="Text">The text's fingerprint; null when there is none.</param>
/// <param name="Tasks">The tasks, in the order of the specification.</param>
public sealed record EvaluationSetsIdentity(string? Text, ImmutableArray<TaskIdentity> Tasks)
{
    /// <inheritdoc/>
    public bool Equals(EvaluationSetsIdentity? other) =>
        other is not null && Text == other.Text && Tasks.AsSpan().SequenceEqual(other.Tasks.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, Tasks.Length);
}
