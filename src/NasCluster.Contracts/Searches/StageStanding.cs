namespace NasCluster.Contracts.Searches;

/// <summary>How far a stage has come.</summary>
/// <param name="IsDone">Whether it has ended.</param>
/// <param name="Content">SHA-256 of what it has stored for the search; null when there is nothing to be stored.</param>
/// <param name="Record">Inputs, settings, times and scores, as JSON; null while it is under way.</param>
[GenerateSerializer, Immutable]
public sealed record StageStanding([property: Id(0)] bool IsDone, [property: Id(1)] string? Content = null, [property: Id(2)] string? Record = null);
