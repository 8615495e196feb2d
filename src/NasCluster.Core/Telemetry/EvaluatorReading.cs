namespace NasCluster.Core.Telemetry;

/// <summary>How many evaluators there are.</summary>
/// <param name="Busy">Evaluators that work.</param>
/// <param name="Idle">Evaluators that wait for work.</param>
public sealed record EvaluatorReading(long Busy, long Idle);
