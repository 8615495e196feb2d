namespace NasCluster.Core.Search;

/// <summary>A trial's number within its search: 0, 1, 2, ... in the order trials were created.</summary>
public readonly record struct TrialId(long Value) : IComparable<TrialId>
{
    /// <inheritdoc/>
    public int CompareTo(TrialId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}

/// <summary>A candidate a search wants evaluated.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Genome">The candidate, canonical.</param>
public sealed record Trial(TrialId Id, Genome Genome);
