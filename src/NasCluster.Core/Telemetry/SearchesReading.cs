namespace NasCluster.Core.Telemetry;

/// <summary>How many searches there are.</summary>
/// <param name="Running">Searches whose evaluations go on, or wait for evaluators.</param>
/// <param name="Paused">Searches of which nothing is dispatched until they are resumed.</param>
/// <param name="Stopped">Searches stopped on request.</param>
/// <param name="Completed">Searches whose every outcome is recorded.</param>
/// <param name="Failed">Searches that cannot go on.</param>
public sealed record SearchesReading(long Running, long Paused, long Stopped, long Completed, long Failed);
