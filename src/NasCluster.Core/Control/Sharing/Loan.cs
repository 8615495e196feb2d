namespace NasCluster.Core.Control.Sharing;

/// <summary>An evaluator lent to a search.</summary>
/// <param name="Evaluator">Who.</param>
/// <param name="Life">Which life of it.</param>
/// <param name="BatchSize">The most trials it takes in one lease.</param>
/// <param name="IsCalledBack">Whether the search gives it no more work and lets it go when it is free.</param>
public sealed record Loan(EvaluatorId Evaluator, long Life, int BatchSize, bool IsCalledBack);
