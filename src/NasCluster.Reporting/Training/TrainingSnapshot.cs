using NasCluster.Reporting.Progress;

namespace NasCluster.Reporting.Training;

/// <summary>What a training run looks like at one moment.</summary>
public sealed record TrainingSnapshot : IProgressSnapshot
{
    /// <summary>What is trained, as people call it.</summary>
    public required string Model { get; init; }

    /// <summary>How many steps are done, those before a resumption included.</summary>
    public required long Step { get; init; }

    /// <summary>How many there will be in all.</summary>
    public required long Steps { get; init; }

    /// <summary>How many tokens were learned in them.</summary>
    public required long Tokens { get; init; }

    /// <summary>Whether it goes on.</summary>
    public ProgressState State { get; init; } = ProgressState.Running;

    /// <summary>Of the latest step; null before the first.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Of the latest batches, smoothed as the run sees fit, in nats per token; null before the first.</summary>
    public double? TrainingLoss { get; init; }

    /// <summary>Latest loss of the whole network on held-out text, in nats per token; null before it was taken.</summary>
    public double? Largest { get; init; }

    /// <summary>Latest loss of the smallest sub-network; null before it was taken.</summary>
    public double? Smallest { get; init; }

    /// <summary>Latest loss of a random sub-network; null before it was taken.</summary>
    public double? Random { get; init; }

    long IProgressSnapshot.Done => Step;

    long IProgressSnapshot.Budget => Steps;

    long IProgressSnapshot.Work => Tokens;
}
