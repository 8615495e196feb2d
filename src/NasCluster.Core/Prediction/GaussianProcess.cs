using System.Collections.Immutable;

namespace NasCluster.Core.Prediction;

/// <summary>A Gaussian process over one-hot genes with an unknown constant mean (Rasmussen and Williams 2006, sections 2.2, 2.7 and 5.4.1).</summary>
/// <remarks>
/// The kernel is the radial one, similarity^differing, the same for all genes. Similarity and noise are those of a grid with the greatest
/// marginal likelihood, in which the variance stands at its optimum: the least s^(2n) |R| with R = K + noise I. The grid begins where the
/// process is as good as linear over some thirty genes: most losses nearly are, and one that may not be forgets too fast what it has learned.
/// </remarks>
internal sealed class GaussianProcess : IPredictor
{
    private static readonly ImmutableArray<double> Similarities = [0.998, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.65, 0.5];
    private static readonly ImmutableArray<double> Noises = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5];
    private readonly Samples _samples;
    private readonly double[] _kernel;
    private readonly double[] _factor;

    /// <summary>R^-1 (y - mean).</summary>
    private readonly double[] _weights;

    /// <summary>L^-1 1, with R = L L^T.</summary>
    private readonly double[] _ones;

    private readonly double _mean;

    private GaussianProcess(
        Samples samples, double[] kernel, double[] factor, double[] weights, double[] ones, double mean, double variance, double noise, WideNumber unlikelihood)
    {
        _samples = samples;
        _kernel = kernel;
        _factor = factor;
        _weights = weights;
        _ones = ones;
        _mean = mean;
        Variance = variance;
        Noise = noise;
        Unlikelihood = unlikelihood;
    }

    /// <summary>s^2: the variance of the values before anything is known.</summary>
    public double Variance { get; }

    /// <summary>The variance of the noise, as a share of <see cref="Variance"/>.</summary>
    public double Noise { get; }

    /// <summary>s^(2n) |R|: the less, the likelier the targets.</summary>
    public WideNumber Unlikelihood { get; }

    /// <summary>The likeliest of the grid.</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="targets">Finite, one per sample.</param>
    public static GaussianProcess Fit(Samples samples, double[] targets)
    {
        GaussianProcess? best = null;
        foreach (var similarity in Similarities)
        {
            foreach (var noise in Noises)
            {
                var fitted = Fit(samples, targets, similarity, noise);
                if (best is null || fitted.Unlikelihood.CompareTo(best.Unlikelihood) < 0)
                {
                    best = fitted;
                }
            }
        }

        return best!;
    }

    /// <summary>With given settings.</summary>
    internal static GaussianProcess Fit(Samples samples, double[] targets, double similarity, double noise)
    {
        var n = samples.Count;
        var kernel = RadialKernelSetting.Table(similarity, samples.Encoding.Genes);
        var factor = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var shared = samples.Shared(i);
            for (var j = 0; j <= i; j++)
            {
                factor[(i * n) + j] = kernel[shared[j]];
            }

            factor[(i * n) + i] += noise;
        }

        if (!Cholesky.TryFactor(factor, n))
        {
            throw new InvalidOperationException($"The kernel with similarity {similarity} and noise {noise} is singular.");
        }

        double[] ones = [.. Enumerable.Repeat(1.0, n)];
        double[] whitened = [.. targets];
        Cholesky.SolveLower(factor, n, ones, 1);
        Cholesky.SolveLower(factor, n, whitened, 1);
        var mean = Dot(ones, whitened) / Dot(ones, ones);
        Cholesky.SubtractScaled(whitened, ones, mean);
        var variance = Dot(whitened, whitened) / n;
        double[] weights = [.. targets.Select(t => t - mean)];
        Cholesky.Solve(factor, n, weights, 1);

        // Equal targets have no variance, and every setting explains them: any number above 0 then stands for none.
        var scale = variance > 0 ? variance : double.Epsilon;
        var unlikelihood = WideNumber.One;
        for (var i = 0; i < n; i++)
        {
            var root = factor[(i * n) + i];
            unlikelihood = unlikelihood.Times(root * root).Times(scale);
        }

        return new GaussianProcess(samples, kernel, factor, weights, ones, mean, variance, noise, unlikelihood);
    }

    public double Predict(ReadOnlySpan<ulong> bits)
    {
        double sum = 0;
        for (var i = 0; i < _samples.Count; i++)
        {
            sum += _weights[i] * _kernel[OneHotEncoding.Shared(bits, _samples[i])];
        }

        return sum + _mean;
    }

    /// <summary>What is thought of some genomes together: means, variances and covariances of the values without noise.</summary>
    public Posterior Over(Samples genomes)
    {
        var (n, m) = (_samples.Count, genomes.Count);
        var cross = new double[n * m];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < m; j++)
            {
                cross[(i * m) + j] = _kernel[OneHotEncoding.Shared(_samples[i], genomes[j])];
            }
        }

        var means = new double[m];
        Array.Fill(means, _mean);
        for (var i = 0; i < n; i++)
        {
            Cholesky.SubtractScaled(means, cross.AsSpan(i * m, m), -_weights[i]);
        }

        Cholesky.SolveLower(_factor, n, cross, m);
        var trend = new double[m];
        Array.Fill(trend, 1);
        for (var i = 0; i < n; i++)
        {
            Cholesky.SubtractScaled(trend, cross.AsSpan(i * m, m), _ones[i]);
        }

        // The mean is estimated too: what is not known of it adds (1 - 1^T R^-1 k)^2 / 1^T R^-1 1 (their eq. 2.42).
        var root = Math.Sqrt(Dot(_ones, _ones));
        for (var j = 0; j < m; j++)
        {
            trend[j] /= root;
        }

        return new Posterior(genomes, _kernel, means, cross, trend, n, Variance, Noise);
    }

    /// <summary>For each sample what is predicted from all others by the same settings: y_i - [R^-1 (y - m)]_i / [R^-1]_ii (their eq. 5.12).</summary>
    public double[] LeftOut(ReadOnlySpan<double> targets)
    {
        var n = _samples.Count;
        var inverse = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            inverse[(i * n) + i] = 1;
        }

        // R^-1 = L^-T L^-1, so an element of its diagonal is the squared length of a column of L^-1.
        Cholesky.SolveLower(_factor, n, inverse, n);
        var left = new double[n];
        for (var i = 0; i < n; i++)
        {
            double diagonal = 0;
            for (var row = i; row < n; row++)
            {
                diagonal += inverse[(row * n) + i] * inverse[(row * n) + i];
            }

            left[i] = targets[i] - (_weights[i] / diagonal);
        }

        return left;
    }

    internal static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
