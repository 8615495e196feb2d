namespace NasCluster.Contracts.Searches;

/// <summary>Where a search stands, and why.</summary>
/// <param name="State">Where.</param>
/// <param name="Reason">Why it failed; null unless it did.</param>
[GenerateSerializer, Immutable]
public readonly record struct SearchStanding([property: Id(0)] SearchState State, [property: Id(1)] string? Reason = null);
