namespace NasCluster.Core.Pareto;

/// <summary>Pareto dominance of vectors to be minimised.</summary>
internal static class Dominance
{
    /// <summary>Whether <paramref name="left"/> is nowhere worse and somewhere better; never so for equal vectors.</summary>
    public static bool Dominates(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var better = false;
        for (var k = 0; k < left.Length; k++)
        {
            if (left[k] > right[k])
            {
                return false;
            }

            better |= left[k] < right[k];
        }

        return better;
    }

    /// <summary>Whether <paramref name="left"/> is nowhere worse; so for equal vectors too.</summary>
    public static bool WeaklyDominates(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        for (var k = 0; k < left.Length; k++)
        {
            if (left[k] > right[k])
            {
                return false;
            }
        }

        return true;
    }
}
