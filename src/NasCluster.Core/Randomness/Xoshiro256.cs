using System.Numerics;

namespace NasCluster.Core.Randomness;

/// <summary>The generator xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64 as its authors advise.</summary>
/// <remarks>
/// Ours, not the framework's, because a search must be able to save its state and because the framework's
/// algorithm may change between versions. Not for secrets. Not thread-safe.
/// </remarks>
public sealed class Xoshiro256 : IRandomSource
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>A generator at the start of a seed's sequence.</summary>
    public Xoshiro256(ulong seed)
    {
        var words = new SplitMix64(seed);
        (_s0, _s1, _s2, _s3) = (words.Next(), words.Next(), words.Next(), words.Next());
    }

    /// <summary>A generator that goes on from a saved state.</summary>
    /// <exception cref="ArgumentException">The state is all zero.</exception>
    public Xoshiro256(RandomState state)
    {
        if (!state.IsValid)
        {
            throw new ArgumentException("The state is all zero; xoshiro256** never leaves that state.", nameof(state));
        }

        (_s0, _s1, _s2, _s3) = state;
    }

    /// <summary>The state now; a generator made from it gives the same numbers as this one from here on.</summary>
    public RandomState State => new(_s0, _s1, _s2, _s3);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <inheritdoc/>
    /// <remarks>One of the 2^53 multiples of 2^-53: the upper bits of a draw.</remarks>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    /// <remarks>Without bias: multiply and take the upper word, drawing again in the rare short interval (Lemire 2019).</remarks>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (ulong)bound;
        var high = Math.BigMul(NextUInt64(), range, out var low);
        if (low < range)
        {
            var threshold = unchecked(0 - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)high;
    }
}
