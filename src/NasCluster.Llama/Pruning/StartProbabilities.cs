using System.Collections.Immutable;

namespace NasCluster.Llama.Pruning;

/// <summary>Where the policy gradient of arXiv 2406.10576 starts: importance turned into probabilities to keep.</summary>
public static class StartProbabilities
{
    /// <summary>sigmoid(standard score + shift), the shift such that the mean is the rate to keep.</summary>
    /// <param name="importance">Of one pool: all MLP channels, or all KV groups, of all layers. Finite.</param>
    /// <param name="keep">In [0, 1]; at its ends every probability is that end.</param>
    /// <returns>One for each, in [0, 1].</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1].</exception>
    public static ImmutableArray<double> Of(IReadOnlyList<double> importance, double keep)
    {
        ArgumentNullException.ThrowIfNull(importance);
        if (keep is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The rate to keep must be in [0, 1].");
        }

        if (!importance.All(double.IsFinite))
        {
            throw new ArgumentException("An importance is not finite, and has no standard score.", nameof(importance));
        }

        if (keep is 0 or 1 || importance.Count == 0)
        {
            return [.. importance.Select(_ => keep)];
        }

        var scores = Standard.Scores(importance);

        // The mean is at most keep when even the greatest score is, and at least keep when even the least is.
        var middle = Math.Log(keep / (1 - keep));
        var (low, high) = (middle - scores.Max(), middle - scores.Min());
        while (low + ((high - low) / 2) is var shift && shift > low && shift < high)
        {
            (low, high) = scores.Average(s => Sigmoid(s + shift)) < keep ? (shift, high) : (low, shift);
        }

        return [.. scores.Select(s => Sigmoid(s + high))];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
