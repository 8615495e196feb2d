using NasCluster.Core.Search.PolicyGradient;

namespace NasCluster.Core.Specification;

/// <summary>The policy gradient that refines importance before the search (arXiv 2406.10576).</summary>
public sealed record PolicyGradientSpec
{
    /// <summary>Steps; 0 leaves it out.</summary>
    public int Steps { get; init; }

    /// <summary>Masks drawn in a step, all scored on its batch.</summary>
    public int Samples { get; init; } = 2;

    /// <summary>Sequences of a batch.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Tokens of a sequence, the beginning mark included.</summary>
    public int Window { get; init; } = 128;

    /// <summary>Greatest step of a probability; falls to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Share of the layers that stay on average; 1 masks no layer as a whole.</summary>
    public double LayerShare { get; init; } = 1;

    /// <summary>What scores are divided by.</summary>
    public ScoreScaling Scaling { get; init; } = ScoreScaling.Deviation;
}
