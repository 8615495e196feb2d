using NasCluster.Core.Control;

namespace NasCluster.Core.Telemetry;

/// <summary>Where a search stands.</summary>
/// <param name="Status">Its controller's figures.</param>
/// <param name="Budget">Outcomes it will have.</param>
/// <param name="Front">Its front; null while that is not known.</param>
public sealed record SearchReading(ControllerStatus Status, long Budget, FrontReading? Front = null);
