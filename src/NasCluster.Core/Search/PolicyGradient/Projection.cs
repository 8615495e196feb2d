namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>The nearest probabilities that keep no more than so many on average (arXiv 2406.10576, section 3.3).</summary>
public static class Projection
{
    private const int Halvings = 60;

    /// <summary>Subtracts the least v of at least 0 with which sum clip(s - v, 0, 1) is at most <paramref name="kept"/>, found by bisection.</summary>
    /// <param name="probabilities">s; changed in place. Values outside [0, 1] are clipped.</param>
    /// <param name="kept">How many bits may be set on average, 0 or more.</param>
    public static void Apply(Span<double> probabilities, double kept)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kept);
        var shift = 0.0;
        if (Sum(probabilities, 0) > kept)
        {
            // At `low` too many are kept, at `high` not: with every value shifted below 0 none is.
            var low = 0.0;
            var high = 0.0;
            foreach (var value in probabilities)
            {
                high = Math.Max(high, value);
            }

            for (var i = 0; i < Halvings; i++)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = Sum(probabilities, middle) > kept ? (middle, high) : (low, middle);
            }

            shift = high;
        }

        for (var i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = Math.Clamp(probabilities[i] - shift, 0, 1);
        }
    }

    private static double Sum(ReadOnlySpan<double> probabilities, double shift)
    {
        var sum = 0.0;
        foreach (var value in probabilities)
        {
            sum += Math.Clamp(value - shift, 0, 1);
        }

        return sum;
    }
}
