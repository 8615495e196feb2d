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
    /// <summary>Replaces the lower triangle of A by L with A = L L^T.</summary>
    /// <param name="matrix">n x n; what is above the diagonal is neither read nor written.</param>
    /// <param name="n">Its order.</param>
    /// <returns>False if the matrix is not positive definite as far as its numbers tell; it is spoilt then.</returns>
    public static bool TryFactor(Span<double> matrix, int n)
    {
        var column = new double[n];
        for (var k = 0; k < n; k++)
        {
            var pivot = matrix[(k * n) + k];
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                return false;
            }

            var root = Math.Sqrt(pivot);
            matrix[(k * n) + k] = root;
            for (var i = k + 1; i < n; i++)
            {
                column[i] = matrix[(i * n) + k] /= root;
            }

            for (var i = k + 1; i < n; i++)
            {
                SubtractScaled(matrix.Slice((i * n) + k + 1, i - k), column.AsSpan(k + 1, i - k), column[i]);
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
            for (var j = 0; j < i; j++)
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

    private static void Divide(Span<double> values, double divisor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] /= divisor;
        }
    }
}
