namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>What networks are measured at.</summary>
/// <param name="Phase">The phase of work.</param>
/// <param name="Batch">Sequences, at least 1.</param>
/// <param name="Tokens">Tokens of each, at least 2; in decoding those they begin with.</param>
public readonly record struct Workload(MeasuredPhase Phase, int Batch, int Tokens);
