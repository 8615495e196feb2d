using System.Collections.Immutable;

namespace NasCluster.Core.Telemetry;

/// <summary>What a search has found.</summary>
/// <param name="Size">Trials on the front.</param>
/// <param name="Hypervolume">Hypervolume of the front; null while it has no reference point.</param>
/// <param name="Best">The best value of each objective that a trial of the front has; none while the front is empty.</param>
public sealed record FrontReading(long Size, double? Hypervolume, ImmutableArray<(string Objective, double Value)> Best);
