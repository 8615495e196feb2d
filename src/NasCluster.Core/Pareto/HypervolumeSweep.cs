namespace NasCluster.Core.Pareto;

/// <summary>Exact volumes of points to be minimised, all strictly inside the reference point.</summary>
/// <remarks>
/// Every case sweeps over the last objective. Up to three objectives it keeps the staircase of the points met so far (Beume, Fonseca
/// and others 2009); beyond, it sums what each point adds to those after it, sliced by the last objective (WFG: While, Bradstreet and
/// Barone 2012).
/// </remarks>
internal static class HypervolumeSweep
{
    public static double Volume(IReadOnlyList<double[]> points, ReadOnlySpan<double> reference) =>
        points.Count == 0 ? 0 : Volume([.. points], reference.Length, reference);

    /// <param name="points">Only their first <paramref name="dimensions"/> values count. Is put in another order.</param>
    /// <param name="dimensions">How many values count, at least 1.</param>
    /// <param name="reference">At least as many values.</param>
    private static double Volume(double[][] points, int dimensions, ReadOnlySpan<double> reference)
    {
        switch (dimensions)
        {
            case 1:
                return reference[0] - points.Min(p => p[0]);
            case 2:
                return Area(points, reference);
            case 3:
                return ThreeDimensional(points, reference);
        }

        // Worst last objective first: of the points after one, all reach at least as far down, so that within the reach of this
        // one they all are as good in the last objective, which falls out of the recursion.
        var last = dimensions - 1;
        Sort(points, dimensions);
        Array.Reverse(points);
        var volume = 0.0;
        for (var i = 0; i < points.Length; i++)
        {
            var own = 1.0;
            for (var k = 0; k < last; k++)
            {
                own *= reference[k] - points[i][k];
            }

            var limited = LimitedBy(points, i, last);
            volume += (reference[last] - points[i][last]) * (own - (limited.Length == 0 ? 0 : Volume(limited, last, reference)));
        }

        return volume;
    }

    /// <summary>The points after place i, each pulled back to what it shares with point i, without those that others dominate.</summary>
    private static double[][] LimitedBy(double[][] points, int i, int dimensions)
    {
        var kept = new List<double[]>();
        for (var j = i + 1; j < points.Length; j++)
        {
            var limited = new double[dimensions];
            for (var k = 0; k < dimensions; k++)
            {
                limited[k] = Math.Max(points[i][k], points[j][k]);
            }

            if (!kept.Exists(p => Dominance.WeaklyDominates(p, limited)))
            {
                kept.RemoveAll(p => Dominance.WeaklyDominates(limited, p));
                kept.Add(limited);
            }
        }

        return [.. kept];
    }

    private static double Area(double[][] points, ReadOnlySpan<double> reference)
    {
        Array.Sort(points, (a, b) => a[0] != b[0] ? a[0].CompareTo(b[0]) : a[1].CompareTo(b[1]));
        var area = 0.0;
        var lowest = reference[1];
        foreach (var point in points)
        {
            if (point[1] < lowest)
            {
                area += (reference[0] - point[0]) * (lowest - point[1]);
                lowest = point[1];
            }
        }

        return area;
    }

    private static double ThreeDimensional(double[][] points, ReadOnlySpan<double> reference)
    {
        Sort(points, 3);
        var staircase = new Staircase(reference[0], reference[1]);
        var volume = 0.0;
        for (var i = 0; i < points.Length; i++)
        {
            staircase.Add(points[i][0], points[i][1]);
            var next = i + 1 < points.Length ? points[i + 1][2] : reference[2];
            volume += staircase.Area * (next - points[i][2]);
        }

        return volume;
    }

    /// <summary>By the last of the objectives that count, then by the one before it, and so on.</summary>
    private static void Sort(double[][] points, int dimensions) => Array.Sort(points, (a, b) =>
    {
        for (var k = dimensions - 1; k >= 0; k--)
        {
            if (a[k] != b[k])
            {
                return a[k].CompareTo(b[k]);
            }
        }

        return 0;
    });
}
