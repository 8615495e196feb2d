using NasCluster.Core.Numerics;
using NasCluster.Core.Randomness;

namespace NasCluster.Evaluation.Statistics;

/// <summary>Standard errors of a text's mean log-likelihood and perplexity by the circular block bootstrap.</summary>
/// <remarks>
/// <para>
/// Neighbouring tokens are not independent: an error of the plain mean formula is too small. Resampling blocks of consecutive
/// tokens keeps what lies within a block together (Künsch 1989, "The jackknife and the bootstrap for general stationary
/// observations", Annals of Statistics 17); joining the end of the text to its start gives every token the same weight
/// (Politis and Romano 1992, "A circular block-resampling procedure for stationary data").
/// </para>
/// <para>Seed, count and block length are fixed, so equal likelihoods have equal errors, to the bit.</para>
/// </remarks>
public static class BlockBootstrap
{
    /// <summary>Resamples drawn. The error of the error is about 1 / sqrt(2 x 1000), 2 %.</summary>
    public const int Replicates = 1000;

    /// <summary>Longest block, in tokens: a few sentences, beyond which likelihoods are hardly correlated.</summary>
    public const int LongestBlock = 64;

    private const int FewestBlocks = 16;
    private const ulong Seed = 0x6E617363;

    /// <summary>Tokens of a block for a text of this many: at most <see cref="LongestBlock"/>, and short enough for 16 blocks.</summary>
    public static int BlockLength(int count) => Math.Clamp(count / FewestBlocks, 1, LongestBlock);

    /// <summary>Standard errors of the mean and of exp(-mean).</summary>
    /// <param name="logLikelihoods">Log-likelihoods of consecutive tokens, in nats; at least one. A single one has no error.</param>
    public static (double Mean, double Perplexity) Estimate(ReadOnlySpan<float> logLikelihoods)
    {
        var count = logLikelihoods.Length;
        ArgumentOutOfRangeException.ThrowIfZero(count, nameof(logLikelihoods));
        var block = BlockLength(count);
        var before = SumsBefore(logLikelihoods, block);
        var means = new Moments();
        var perplexities = new Moments();
        var random = new SplitMix64(Seed);
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            double sum = 0;
            for (var drawn = 0; drawn < count; drawn += block)
            {
                // By multiplying: the bias is below 2^-32 for texts of fewer than 2^32 tokens.
                var start = (int)Math.BigMul(random.Next(), (ulong)count, out _);
                sum += before[start + Math.Min(block, count - drawn)] - before[start];
            }

            means.Add(sum / count);
            perplexities.Add(PortableExp.Of(-sum / count));
        }

        return (means.StandardDeviation, perplexities.StandardDeviation);
    }

    // Sums of everything before a token, with the first block again after the end, so that any block is one subtraction.
    private static double[] SumsBefore(ReadOnlySpan<float> values, int block)
    {
        var sums = new double[values.Length + block + 1];
        for (var i = 0; i < values.Length + block; i++)
        {
            sums[i + 1] = sums[i] + values[i % values.Length];
        }

        return sums;
    }

    /// <summary>Welford's running variance, which loses no digits when the mean is large.</summary>
    private struct Moments
    {
        private int _count;
        private double _mean;
        private double _squares;

        internal void Add(double value)
        {
            var delta = value - _mean;
            _mean += delta / ++_count;
            _squares += delta * (value - _mean);
        }

        internal readonly double StandardDeviation => Math.Sqrt(_squares / (_count - 1));
    }
}
