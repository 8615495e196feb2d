namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>What the score of a Bernoulli mask, m - s, is divided by; s its probability.</summary>
public enum ScoreScaling
{
    /// <summary>The root of s (1 - s), its standard deviation, as in the authors' code: every bit's score has variance 1.</summary>
    Deviation,

    /// <summary>s (1 - s), as the paper derives it: the gradient of the log-probability (arXiv 2406.10576, Eq. 7).</summary>
    Variance,
}
