using System.Numerics;
using System.Runtime.InteropServices;

namespace NasCluster.Core.Prediction;

/// <summary>Cholesky factors of symmetric positive definite matrices, and what is solved with them; row-major, lower triangle.</summary>
/// <remarks>
/// Ours, because a search must end with the same bits on every machine: here each element is a fixed sequence of products and
/// differences, each rounded once, whatever the width of the vectors and the number of threads. (A library would choose its own.)
/// </remarks>
internal static class Cholesky
{
    /// <summary>How many columns are taken at once.</summary>
    private const int Panel = 4;

    /// <summary>Replaces the lower triangle of A by L with A = L L^T.</summary>
    /// <param name="matrix">n x n; what is above the diagonal is neither read nor written.</param>
    /// <param name="n">Its order.</param>
    /// <returns>False if the matrix is not positive definite as far as its numbers tell; it is spoilt then.</returns>
    public static bool TryFactor(Span<double> matrix, int n)
    {
        var columns = new double[Panel * n];
        for (var start = 0; start < n; start += Panel)
        {
            // The panel first, down to the last row; what is right of it takes all of the panel's columns at once, in their order.
            var end = Math.Min(start + Panel, n);
            for (var k = start; k < end; k++)
            {
                var pivot = matrix[(k * n) + k];
                if (!(pivot > 0) || !double.IsFinite(pivot))
                {
                    return false;
                }

                var root = Math.Sqrt(pivot);
                matrix[(k * n) + k] = root;
                var column = columns.AsSpan((k - start) * n, n);
                for (var i = k + 1; i < n; i++)
                {
                    var row = matrix.Slice(i * n, i + 1);
                    column[i] = row[k] /= root;
                    for (var j = k + 1; j < end && j <= i; j++)
                    {
                        row[j] -= column[j] * column[i];
                    }
                }
            }

            for (var i = end; i < n; i++)
            {
                SubtractPanel(matrix.Slice((i * n) + end, i + 1 - end), columns, end, n, matrix.Slice((i * n) + start, Panel));
            }
        }

        return true;
    }

    /// <summary>Replaces B by the solution of L X = B.</summary>
    /// <param name="factor">L, n x n.</param>
    /// <param name="n">Its order.</param>
    /// <param name="sides">B: n rows, one right side per column.</param>
    /// <param name="count">How many right sides.</param>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> sides, int count)
    {
        for (var i = 0; i < n; i++)
        {
            var row = sides.Slice(i * count, count);
            var whole = i / Panel * Panel;
            for (var j = 0; j < whole; j += Panel)
            {
                SubtractPanel(row, sides[(j * count)..], 0, count, factor.Slice((i * n) + j, Panel));
            }

            for (var j = whole; j < i; j++)
            {
                SubtractScaled(row, sides.Slice(j * count, count), factor[(i * n) + j]);
            }

            Divide(row, factor[(i * n) + i]);
        }
    }

    /// <summary>Replaces B by the solution of L L^T X = B.</summary>
    /// <inheritdoc cref="SolveLower"/>
    public static void Solve(ReadOnlySpan<double> factor, int n, Span<double> sides, int count)
    {
        SolveLower(factor, n, sides, count);
        for (var i = n - 1; i >= 0; i--)
        {
            var row = sides.Slice(i * count, count);
            Divide(row, factor[(i * n) + i]);
            for (var j = 0; j < i; j++)
            {
                SubtractScaled(sides.Slice(j * count, count), row, factor[(i * n) + j]);
            }
        }
    }

    /// <summary>target -= factor * values, element by element, without fused operations.</summary>
    internal static void SubtractScaled(Span<double> target, ReadOnlySpan<double> values, double factor)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        var wideValues = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] -= wideValues[i] * factor;
        }

        for (var i = wide.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] -= values[i] * factor;
        }
    }

    /// <summary>
    /// target -= factor * values for a panel of values, one after the other: what so many calls of <see cref="SubtractScaled"/> give, bit for
    /// bit, but the target is loaded and stored once, and that is what takes the time.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="values">The panel, one below the other.</param>
    /// <param name="start">Where the first values begin.</param>
    /// <param name="stride">From the values of one factor to those of the next.</param>
    /// <param name="factors">As many as a panel has.</param>
    private static void SubtractPanel(Span<double> target, ReadOnlySpan<double> values, int start, int stride, ReadOnlySpan<double> factors)
    {
        var (factor0, factor1, factor2, factor3) = (factors[0], factors[1], factors[2], factors[3]);
        var values0 = values.Slice(start, target.Length);
        var values1 = values.Slice(start + stride, target.Length);
        var values2 = values.Slice(start + (2 * stride), target.Length);
        var values3 = values.Slice(start + (3 * stride), target.Length);
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        var wide0 = MemoryMarshal.Cast<double, Vector<double>>(values0)[..wide.Length];
        var wide1 = MemoryMarshal.Cast<double, Vector<double>>(values1)[..wide.Length];
        var wide2 = MemoryMarshal.Cast<double, Vector<double>>(values2)[..wide.Length];
        var wide3 = MemoryMarshal.Cast<double, Vector<double>>(values3)[..wide.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = wide[i] - (wide0[i] * factor0) - (wide1[i] * factor1) - (wide2[i] * factor2) - (wide3[i] * factor3);
        }

        for (var i = wide.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] = target[i] - (values0[i] * factor0) - (values1[i] * factor1) - (values2[i] * factor2) - (values3[i] * factor3);
        }
    }

    private static void Divide(Span<double> values, double divisor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] /= divisor;
        }
    }
}
