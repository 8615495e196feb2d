namespace NasCluster.Evaluation.Statistics;

/// <summary>A tiny generator of random numbers (Steele, Lea and Flood 2014): fast, and the same everywhere for ever.</summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>An integer from 0 to <paramref name="bound"/> - 1, by multiplying: the bias is below 2^-32 for the bounds used here.</summary>
    internal int Next(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)Math.BigMul(mixed, (ulong)bound, out _);
    }
}
