using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Contracts.Evaluators;

/// <summary>Trials for one evaluator under one lease.</summary>
[GenerateSerializer, Immutable]
public sealed record Assignment
{
    /// <summary>The search they belong to.</summary>
    [Id(0)] public required string Search { get; init; }

    /// <summary>What to evaluate them on: <see cref="Searches.SearchDefinition.Prepared"/>.</summary>
    [Id(1)] public required string Prepared { get; init; }

    /// <summary>The lease to report and renew under.</summary>
    [Id(2)] public required LeaseId Lease { get; init; }

    /// <summary>How long the lease lasts without renewal.</summary>
    [Id(3)] public required TimeSpan LeaseDuration { get; init; }

    /// <summary>The trials.</summary>
    [Id(4)] public required ImmutableArray<Trial> Trials { get; init; }
}
