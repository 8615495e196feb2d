namespace NasCluster.Core.Control;

/// <summary>An evaluator that a controller has.</summary>
/// <param name="Evaluator">Who.</param>
/// <param name="BatchSize">The most trials it takes in one lease.</param>
/// <param name="IsBusy">Whether it works on a lease, is about to be sent one, or has yet to drop one.</param>
/// <param name="IsDraining">Whether it leaves as soon as it is not busy.</param>
public sealed record HeldEvaluator(EvaluatorId Evaluator, int BatchSize, bool IsBusy, bool IsDraining);
