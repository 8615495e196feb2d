using System.Collections.Immutable;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>Probabilities to begin with, from importance.</summary>
public static class StartProbabilities
{
    /// <summary>The sigmoid of the standardised importance, shifted so that the mean is the share to keep (arXiv 2406.10576, section 3.4).</summary>
    /// <param name="importance">One finite value for each bit of one pool.</param>
    /// <param name="keep">The mean, in (0, 1]; with 1 all are 1.</param>
    public static ImmutableArray<double> FromImportance(ReadOnlySpan<double> importance, double keep)
    {
        if (!(keep is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The share to keep must be in (0, 1].");
        }

        if (importance.IsEmpty || keep == 1)
        {
            return [.. Enumerable.Repeat(1.0, importance.Length)];
        }

        var mean = 0.0;
        foreach (var value in importance)
        {
            mean += value / importance.Length;
        }

        var variance = 0.0;
        foreach (var value in importance)
        {
            variance += (value - mean) * (value - mean) / importance.Length;
        }

        var scale = variance > 0 ? 1 / Math.Sqrt(variance) : 0;
        var standard = new double[importance.Length];
        for (var i = 0; i < standard.Length; i++)
        {
            standard[i] = (importance[i] - mean) * scale;
        }

        // The mean falls with the shift, from 1 to 0.
        var (low, high) = (-1000.0, 1000.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = standard.Average(z => Sigmoid(z - middle)) > keep ? (middle, high) : (low, middle);
        }

        return [.. standard.Select(z => Sigmoid(z - high))];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
