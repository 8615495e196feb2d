using System.Collections.Immutable;

namespace NasCluster.Contracts.Searches;

/// <summary>A front in figures.</summary>
/// <param name="Size">How many outcomes are on it.</param>
/// <param name="Hypervolume">Its hypervolume; null while that has no reference point.</param>
/// <param name="Best">The best value of each objective that any of them has, in the order of the objectives; none while it is empty.</param>
[GenerateSerializer, Immutable]
public sealed record FrontFigures([property: Id(0)] int Size, [property: Id(1)] double? Hypervolume, [property: Id(2)] ImmutableArray<double> Best);
