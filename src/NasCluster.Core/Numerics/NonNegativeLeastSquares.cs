using NasCluster.Core.Prediction;

namespace NasCluster.Core.Numerics;

/// <summary>Least squares whose solution may not be negative, as times and amounts are not.</summary>
/// <remarks>
/// The active-set method of Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23), on the normal equations as Bro and de Jong
/// (1997) do it: for some dozen unknowns, of which no two columns are alike to more than 5 digits. Columns that others give already, or that
/// are zero, get 0. Sums run in a fixed order, so that equal problems have equal solutions, bit for bit.
/// </remarks>
public static class NonNegativeLeastSquares
{
    private const double Tolerance = 1e-12;
    private const double LeastPivot = 1e-5;

    // Each step makes the sum less, so there is an end; this is for rounding at the very bottom.
    private const int MostStepsPerUnknown = 30;

    /// <summary>The x, none of it negative, that makes the sum of squares of (row . x - target) least.</summary>
    /// <param name="rows">The equations' coefficients, each as many.</param>
    /// <param name="targets">One for each row.</param>
    /// <exception cref="ArgumentException">Rows differ in length, or there are not as many targets.</exception>
    public static double[] Solve(IReadOnlyList<double[]> rows, IReadOnlyList<double> targets)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(targets);
        var n = rows.Count == 0 ? 0 : rows[0].Length;
        if (rows.Count != targets.Count || rows.Any(r => r.Length != n))
        {
            throw new ArgumentException("Rows must be equally long, and there must be a target for each.", nameof(rows));
        }

        // Columns of length 1, so that one tolerance fits all.
        var scales = Enumerable.Range(0, n).Select(j => Math.Sqrt(rows.Sum(r => r[j] * r[j])) is var length && length > 0 ? 1 / length : 0).ToArray();
        var gram = new double[n * n];
        var moment = new double[n];
        for (var i = 0; i < n; i++)
        {
            moment[i] = scales[i] * rows.Zip(targets, (r, t) => r[i] * t).Sum();
            for (var j = 0; j < n; j++)
            {
                gram[(i * n) + j] = scales[i] * scales[j] * rows.Sum(r => r[i] * r[j]);
            }
        }

        var scaled = Solve(gram, moment, n);
        return [.. scaled.Zip(scales, (x, scale) => x * scale)];
    }

    private static double[] Solve(double[] gram, double[] moment, int n)
    {
        var x = new double[n];
        var passive = new SortedSet<int>();
        var refused = new HashSet<int>();
        var tolerance = Tolerance * (1 + moment.Select(Math.Abs).DefaultIfEmpty().Max());
        for (var steps = 0; steps < MostStepsPerUnknown * n && Steepest() is { } next; steps++)
        {
            passive.Add(next);
            if (Unconstrained(gram, moment, n, passive) is not { } solution)
            {
                passive.Remove(next);
                refused.Add(next);
                continue;
            }

            if (!(solution[next] > 0))
            {
                // Rounding alone: it would leave at once, and come again for ever.
                passive.Remove(next);
                refused.Add(next);
                continue;
            }

            while (passive.Any(j => solution[j] <= 0))
            {
                var first = passive.Where(j => solution[j] <= 0).MinBy(j => x[j] / (x[j] - solution[j]));
                var step = x[first] / (x[first] - solution[first]);
                foreach (var j in passive)
                {
                    x[j] += step * (solution[j] - x[j]);
                }

                foreach (var j in passive.Where(j => j == first || (solution[j] <= 0 && x[j] <= tolerance)).ToArray())
                {
                    x[j] = 0;
                    passive.Remove(j);
                }

                solution = Unconstrained(gram, moment, n, passive)!;
            }

            x = solution;
            refused.Clear();
        }

        return x;

        int? Steepest()
        {
            int? best = null;
            var most = tolerance;
            for (var i = 0; i < n; i++)
            {
                var slope = moment[i];
                for (var j = 0; j < n; j++)
                {
                    slope -= gram[(i * n) + j] * x[j];
                }

                if (slope > most && !passive.Contains(i) && !refused.Contains(i))
                {
                    (best, most) = (i, slope);
                }
            }

            return best;
        }
    }

    /// <summary>The solution in some unknowns, the others 0; null where their columns are not independent.</summary>
    private static double[]? Unconstrained(double[] gram, double[] moment, int n, SortedSet<int> free)
    {
        int[] chosen = [.. free];
        var factor = new double[chosen.Length * chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                factor[(i * chosen.Length) + j] = gram[(chosen[i] * n) + chosen[j]];
            }
        }

        if (!Cholesky.TryFactor(factor, chosen.Length) || Enumerable.Range(0, chosen.Length).Any(i => factor[(i * chosen.Length) + i] < LeastPivot))
        {
            return null;
        }

        double[] values = [.. chosen.Select(j => moment[j])];
        Cholesky.Solve(factor, chosen.Length, values, 1);
        var solution = new double[n];
        for (var i = 0; i < chosen.Length; i++)
        {
            solution[chosen[i]] = values[i];
        }

        return solution;
    }
}
