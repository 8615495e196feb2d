using System.Collections.Immutable;

namespace NasCluster.Llama.Calibration;

/// <summary>What is known of one input of one layer after calibration.</summary>
/// <param name="Tokens">N, how many tokens were seen.</param>
/// <param name="SumOfSquares">Per channel.</param>
/// <param name="Mean">Per channel.</param>
/// <param name="Variance">Per channel, of the N tokens: the mean of (x - mean)^2, summed around the mean and not as a difference of squares.</param>
/// <param name="Gram">X X^T; null where it was not asked for.</param>
public sealed record InputStatistics(
    long Tokens, ImmutableArray<double> SumOfSquares, ImmutableArray<double> Mean, ImmutableArray<double> Variance, GramMatrix? Gram)
{
    /// <summary>How many channels.</summary>
    public int Channels => SumOfSquares.Length;
}
