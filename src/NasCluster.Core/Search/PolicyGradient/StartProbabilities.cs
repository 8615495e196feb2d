using System.Collections.Immutable;
using NasCluster.Core.Numerics;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>Where the policy gradient starts: importance turned into probabilities to keep.</summary>
public static class StartProbabilities
{
    /// <summary>The sigmoid of the standardised importance, shifted so that the mean is the share to keep (arXiv 2406.10576, section 3.4).</summary>
    /// <param name="importance">Of one pool, such as the channels of a layer; finite.</param>
    /// <param name="keep">The mean, in [0, 1]; at its ends every probability is that end.</param>
    /// <returns>One for each, in [0, 1].</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in [0, 1].</exception>
    public static ImmutableArray<double> FromImportance(ReadOnlySpan<double> importance, double keep)
    {
        if (keep is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The share to keep must be in [0, 1].");
        }

        double[] values = [.. importance];
        if (!values.All(double.IsFinite))
        {
            throw new ArgumentException("An importance is not finite, and has no standard score.", nameof(importance));
        }

        if (keep is 0 or 1 || importance.IsEmpty)
        {
            return [.. Enumerable.Repeat(keep, importance.Length)];
        }

        var scores = StandardScores.Of(values);

        // The mean is at most keep when even the greatest score's sigmoid is, and at least keep when even the least score's is.
        var middle = PortableLog.Of(keep / (1 - keep));
        var (low, high) = (middle - scores.Max(), middle - scores.Min());
        while (low + ((high - low) / 2) is var shift && shift > low && shift < high)
        {
            (low, high) = scores.Average(s => Sigmoid(s + shift)) < keep ? (shift, high) : (low, shift);
        }

        return [.. scores.Select(s => Sigmoid(s + high))];
    }

    private static double Sigmoid(double x) => 1 / (1 + PortableExp.Of(-x));
}
