namespace NasCluster.Contracts.Searches;

/// <summary>A search as it was started; never changed afterwards.</summary>
[GenerateSerializer, Immutable]
public sealed record SearchDefinition
{
    /// <summary>The search's name, unique in the cluster.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>The specification as its user wrote it.</summary>
    [Id(1)] public required string Specification { get; init; }

    /// <summary>What it means here: canonical specification, super-network, evaluation sets and provenance, as the silos' own versioned text.</summary>
    [Id(2)] public required string Prepared { get; init; }

    /// <summary>Its share of the evaluators beside other searches; above zero.</summary>
    [Id(3)] public double Weight { get; init; } = 1;

    /// <summary>When it was started.</summary>
    [Id(4)] public DateTimeOffset Started { get; init; }
}
