namespace NasCluster.Core.Randomness;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): spreads one 64-bit seed over as many words as are wanted.</summary>
/// <param name="seed">Decides every word.</param>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
