using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>Says which sub-networks each step trains. A step's choice depends on the seed and its number alone, so nothing needs to be saved.</summary>
public sealed class SubNetworkSampler
{
    private readonly LlamaSpace? _space;
    private readonly SamplingRule _rule;
    private readonly int _randomCount;
    private readonly ulong _seed;

    /// <summary>Makes a sampler.</summary>
    /// <param name="configuration">The network.</param>
    /// <param name="space">Its sub-networks; null only with <see cref="SamplingRule.None"/>.</param>
    /// <param name="rule">Which of them.</param>
    /// <param name="randomCount">How many random ones a step has, where the rule has several; at least 1.</param>
    /// <param name="seed">Decides the random ones.</param>
    public SubNetworkSampler(LlamaConfiguration configuration, LlamaSpace? space, SamplingRule rule, int randomCount, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfLessThan(randomCount, 1);
        if (space is null && rule != SamplingRule.None)
        {
            throw new ArgumentException($"{rule} sampling needs a space.", nameof(space));
        }

        (_space, _rule, _randomCount, _seed) = (space, rule, randomCount, seed);
        Largest = space is null ? configuration.FullArchitecture : space.Decode(space.LargestGenome);
        Smallest = space is null ? Largest : space.Decode(space.Canonicalise(space.SmallestGenome));
    }

    /// <summary>The sub-network that keeps the most.</summary>
    public Architecture Largest { get; }

    /// <summary>The one that keeps the least.</summary>
    public Architecture Smallest { get; }

    /// <summary>The sub-networks of a step, the largest first where it is among them: it teaches the others.</summary>
    public ImmutableArray<Architecture> Of(long step)
    {
        // Words of one SplitMix64 stream per step: generators of neighbouring steps have nothing to do with each other.
        var random = new Xoshiro256(new SplitMix64(_seed ^ (0x9E3779B97F4A7C15 * (ulong)(step + 1))).Next());
        return _rule switch
        {
            SamplingRule.Alternating => step % 2 == 0 ? [Largest] : [Random(random)],
            SamplingRule.Sandwich => [Largest, .. Randoms(random), Smallest],
            SamplingRule.Uniform => [Largest, .. Randoms(random)],
            _ => [Largest],
        };
    }

    /// <summary>A random sub-network: depth uniform, then every choice of every layer uniform.</summary>
    public Architecture Random(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return _space is null ? Largest : _space.Decode(_space.Canonicalise(new Genome([.. _space.Cardinalities.Select(random.NextInt)])));
    }

    private Architecture[] Randoms(Xoshiro256 random) => [.. Enumerable.Range(0, _randomCount).Select(_ => Random(random))];
}
