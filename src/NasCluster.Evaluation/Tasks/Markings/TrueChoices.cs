using System.Collections.Immutable;

namespace NasCluster.Evaluation.Tasks.Markings;

/// <summary>One passage for each choice, of which several may be true: marked by the share of probability that the true ones get.</summary>
/// <param name="IsTrue">Which choices are true; at least one.</param>
public sealed record TrueChoices(ImmutableArray<bool> IsTrue) : TaskMarking
{
    /// <inheritdoc/>
    public bool Equals(TrueChoices? other) => other is not null && IsTrue.AsSpan().SequenceEqual(other.IsTrue.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => IsTrue.Length;

    private protected override void AddTo(CanonicalHash hash) => hash.Add("true choices").Add([.. IsTrue.Select(t => t ? 1 : 0)]);
}
