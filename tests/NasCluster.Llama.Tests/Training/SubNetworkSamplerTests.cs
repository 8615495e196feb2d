using NasCluster.Core.Spaces;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

public sealed class SubNetworkSamplerTests
{
    private static readonly LlamaSpace Space = new(TrainingCases.Grouped(true), LlamaSpaceOptions.Uniform(3, [1, 2, 3], [4, 9, 17]));

    [Fact]
    public void Of_Alternating_TakesTheWholeAndARandomOneInTurn()
    {
        var sampler = Sampler(SamplingRule.Alternating);
        var steps = Enumerable.Range(0, 400).Select(s => Assert.Single(sampler.Of(s))).ToArray();
        Assert.All(steps.Where((_, i) => i % 2 == 0), a => Assert.Equal(sampler.Largest, a));

        // Depth is uniform, so that each has about 200 / 3 of the random steps; five standard deviations are 33.
        Assert.All(steps.Where((_, i) => i % 2 == 1).GroupBy(a => a.Layers.Length), g => Assert.InRange(g.Count(), 33, 100));
        Assert.True(steps.Distinct().Count() > 30);
    }

    [Fact]
    public void Of_Sandwich_HasLargestRandomAndSmallest()
    {
        var sampler = Sampler(SamplingRule.Sandwich);
        var networks = sampler.Of(7);
        Assert.Equal(4, networks.Length);
        Assert.Equal((sampler.Largest, sampler.Smallest), (networks[0], networks[^1]));
        Assert.Equal(4, sampler.Smallest.Layers.Single().MlpChannels.Count);
    }

    [Fact]
    public void Of_SameStep_IsTheSameAndSeedsDiffer()
    {
        Assert.Equal(Sampler(SamplingRule.Uniform).Of(9).AsEnumerable(), Sampler(SamplingRule.Uniform).Of(9));
        Assert.NotEqual(
            Enumerable.Range(0, 9).Select(s => Sampler(SamplingRule.Uniform, 1).Of(s)[1]), Enumerable.Range(0, 9).Select(s => Sampler(SamplingRule.Uniform, 2).Of(s)[1]));
    }

    [Fact]
    public void Of_None_NeedsNoSpace()
    {
        var sampler = new SubNetworkSampler(TrainingCases.Grouped(true), null, SamplingRule.None, 1, 1);
        Assert.Equal(TrainingCases.Grouped(true).FullArchitecture, Assert.Single(sampler.Of(3)));
        Assert.Throws<ArgumentException>(() => new SubNetworkSampler(TrainingCases.Grouped(true), null, SamplingRule.Uniform, 1, 1));
    }

    private static SubNetworkSampler Sampler(SamplingRule rule, ulong seed = 1) => new(TrainingCases.Grouped(true), Space, rule, rule == SamplingRule.Sandwich ? 2 : 1, seed);
}
