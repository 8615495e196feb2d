using System.Collections.Immutable;
using NasCluster.Core.Control;

namespace NasCluster.Contracts.Searches;

/// <summary>A piece of a search's log with the hypervolume that belongs to it.</summary>
/// <param name="Outcomes">Outcomes in log order.</param>
/// <param name="History">Points of the hypervolume's history whose outcome is among them.</param>
/// <param name="Recorded">How many outcomes the whole log holds.</param>
[GenerateSerializer, Immutable]
public sealed record ArchivePage(
    [property: Id(0)] ImmutableArray<OutcomeRecord> Outcomes, [property: Id(1)] ImmutableArray<HypervolumePoint> History, [property: Id(2)] long Recorded);
