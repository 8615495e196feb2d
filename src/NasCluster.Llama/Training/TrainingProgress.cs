using System.Collections.Immutable;

namespace NasCluster.Llama.Training;

/// <summary>A point of the curves of a training run.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Tokens">Tokens read, learned or not.</param>
/// <param name="LearningRate">Of the last step; 0 before the first.</param>
/// <param name="TrainingLoss">Mean loss in nats of the steps since the point before; null before the first step.</param>
/// <param name="Largest">Held-out loss of the largest sub-network; null where it is no number, or there is no held-out data.</param>
/// <param name="Smallest">Held-out loss of the smallest.</param>
/// <param name="Random">Mean held-out loss of four random ones.</param>
public sealed record TrainingPoint(long Step, long Tokens, double LearningRate, double? TrainingLoss, double? Largest, double? Smallest, double? Random);

/// <summary>Where a training run is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Tokens">Tokens read, learned or not.</param>
/// <param name="LossSum">Sum of the steps' losses since the last point of the curve.</param>
/// <param name="LossCount">Steps since then.</param>
/// <param name="Curve">Points so far.</param>
public sealed record TrainingProgress(long Step, long Tokens, double LossSum, long LossCount, ImmutableArray<TrainingPoint> Curve)
{
    /// <summary>At the start.</summary>
    public static TrainingProgress Start { get; } = new(0, 0, 0, 0, []);
}
