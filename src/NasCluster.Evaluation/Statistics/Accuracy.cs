using NasCluster.Core.Search;

namespace NasCluster.Evaluation.Statistics;

/// <summary>Shares of right answers.</summary>
public static class Accuracy
{
    /// <summary>A share with its binomial standard error, sqrt(p (1 - p) / (n - 1)); that of a single answer is 0.</summary>
    /// <param name="right">Right answers.</param>
    /// <param name="count">All answers, at least one.</param>
    public static ObjectiveValue Of(int right, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, count);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        var share = (double)right / count;
        return new ObjectiveValue(share, count == 1 ? 0 : Math.Sqrt(share * (1 - share) / (count - 1)));
    }
}
