namespace NasCluster.Core.Telemetry;

/// <summary>Where a search stands.</summary>
/// <param name="QueueDepth">Trials that wait for an evaluator.</param>
/// <param name="FrontSize">Trials on the front.</param>
/// <param name="Hypervolume">Hypervolume of the front; null while it has no reference point.</param>
/// <param name="Generation">The generation the search is in, from 0; null when it has none.</param>
public sealed record SearchReading(long QueueDepth, long FrontSize, double? Hypervolume = null, long? Generation = null);
