using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Rounds;

/// <summary>Seeds of the generators of single rounds.</summary>
internal static class RoundSeed
{
    /// <summary>The seed of a round; round 0 has the search's own, so that it begins like every other search of that seed.</summary>
    public static ulong Of(ulong seed, int round) => round == 0 ? seed : new SplitMix64(seed ^ new SplitMix64((ulong)round).Next()).Next();
}
