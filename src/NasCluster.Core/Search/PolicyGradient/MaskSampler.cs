using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>Draws Bernoulli masks, each a function of the probabilities and of (seed, step, number) alone, so that it can be drawn anywhere.</summary>
public static class MaskSampler
{
    /// <summary>A mask: bit i is set with probability i.</summary>
    /// <param name="probabilities">One for each bit, in [0, 1].</param>
    /// <param name="seed">Of the search.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="sample">The number of the mask within the step, from 0.</param>
    public static bool[] Draw(ReadOnlySpan<double> probabilities, ulong seed, int step, int sample)
    {
        // Each draw has a stream of its own: the words of SplitMix64 are a bijection of what they are seeded with.
        var random = new Xoshiro256(new SplitMix64(new SplitMix64(seed).Next() ^ (((ulong)(uint)step << 32) | (uint)sample)).Next());
        var mask = new bool[probabilities.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = random.NextDouble() < probabilities[i];
        }

        return mask;
    }
}
