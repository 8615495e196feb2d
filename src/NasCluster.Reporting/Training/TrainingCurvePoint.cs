namespace NasCluster.Reporting.Training;

/// <summary>What is known of a training run after one of its steps. Losses are in nats per token.</summary>
/// <param name="Step">How many steps were done.</param>
/// <param name="Tokens">How many tokens were learned in them.</param>
/// <param name="LearningRate">Of the step.</param>
/// <param name="TrainingLoss">Of the steps since the point before; null where there was none.</param>
/// <param name="Largest">Of the whole network on held-out text; null where it was not taken.</param>
/// <param name="Smallest">Of the smallest sub-network on held-out text; null where it was not taken.</param>
/// <param name="Random">Of a random sub-network, or the mean of several, on held-out text; null where it was not taken.</param>
public readonly record struct TrainingCurvePoint(
    long Step, long Tokens, double LearningRate, double? TrainingLoss, double? Largest = null, double? Smallest = null, double? Random = null);
