namespace NasCluster.Core.Control.Sharing;

/// <summary>A search has an evaluator.</summary>
/// <param name="Evaluator">Who.</param>
/// <param name="Life">Which life of it.</param>
/// <param name="BatchSize">The most trials it takes in one lease.</param>
/// <param name="IsBusy">Whether it works: idle ones are called back first.</param>
public sealed record LoanClaim(EvaluatorId Evaluator, long Life, int BatchSize, bool IsBusy);
