namespace NasCluster.Contracts.Searches;

/// <summary>A search in a list of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Reason">Why it failed; null unless it did.</param>
[GenerateSerializer, Immutable]
public sealed record SearchSummary(
    [property: Id(0)] string Name, [property: Id(1)] SearchState State, [property: Id(2)] DateTimeOffset Started, [property: Id(3)] string? Reason);
