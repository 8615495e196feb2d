namespace NasCluster.Core.Prediction;

/// <summary>Kernel ridge regression with an intercept that is not penalised, solved in the dual: f(x) = b + sum a_i k(x, x_i).</summary>
/// <remarks>
/// (K + alpha I) a + b 1 = y with 1^T a = 0 (Suykens 2002, eq. 3.5): the minimiser of sum (y_i - f(x_i))^2 + alpha |f|^2 where b is free.
/// The kernel depends on how many genes two genomes share, so it is a table.
/// </remarks>
internal sealed class KernelRidge : IPredictor
{
    private readonly double[] _kernel;
    private readonly ulong[] _bits;
    private readonly int _words;

    private KernelRidge(double[] kernel, ulong[] bits, int words, double[] weights, double intercept)
    {
        _kernel = kernel;
        _bits = bits;
        _words = words;
        Weights = weights;
        Intercept = intercept;
    }

    /// <summary>a: one per sample learned from.</summary>
    public double[] Weights { get; }

    /// <summary>b.</summary>
    public double Intercept { get; }

    /// <summary>Fits.</summary>
    /// <param name="samples">All samples.</param>
    /// <param name="targets">One for each of all samples.</param>
    /// <param name="chosen">Those to learn from.</param>
    /// <param name="kernel">The kernel of two genomes that share 0, 1, ... genes: positive semi-definite.</param>
    /// <param name="alpha">The penalty, above 0.</param>
    /// <returns>Null if K + alpha I is singular as far as its numbers tell.</returns>
    public static KernelRidge? Fit(Samples samples, ReadOnlySpan<double> targets, ReadOnlySpan<int> chosen, double[] kernel, double alpha)
    {
        var n = chosen.Length;
        var matrix = new double[n * n];
        var sides = new double[2 * n];
        for (var i = 0; i < n; i++)
        {
            var shared = samples.Shared(chosen[i]);
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * n) + j] = kernel[shared[chosen[j]]];
            }

            matrix[(i * n) + i] += alpha;
            (sides[2 * i], sides[(2 * i) + 1]) = (targets[chosen[i]], 1);
        }

        if (!Cholesky.TryFactor(matrix, n))
        {
            return null;
        }

        Cholesky.Solve(matrix, n, sides, 2);
        double ofTargets = 0;
        double ofOnes = 0;
        for (var i = 0; i < n; i++)
        {
            ofTargets += sides[2 * i];
            ofOnes += sides[(2 * i) + 1];
        }

        var intercept = ofTargets / ofOnes;
        var weights = new double[n];
        var words = samples.Encoding.Words;
        var bits = new ulong[n * words];
        for (var i = 0; i < n; i++)
        {
            weights[i] = sides[2 * i] - (intercept * sides[(2 * i) + 1]);
            samples[chosen[i]].CopyTo(bits.AsSpan(i * words));
        }

        return new KernelRidge(kernel, bits, words, weights, intercept);
    }

    public double Predict(ReadOnlySpan<ulong> bits)
    {
        double sum = 0;
        for (var i = 0; i < Weights.Length; i++)
        {
            sum += Weights[i] * _kernel[OneHotEncoding.Shared(bits, _bits.AsSpan(i * _words, _words))];
        }

        return sum + Intercept;
    }
}
