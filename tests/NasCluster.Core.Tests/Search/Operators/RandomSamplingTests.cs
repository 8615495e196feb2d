using NasCluster.Core.Search.Operators;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Operators;

public class RandomSamplingTests
{
    [Fact]
    public void Sample_ScriptedDraws_TakesOnePerGene()
    {
        var random = new ScriptedRandom(2, 0, 1);

        Assert.Equal([2, 0, 1], RandomSampling.Sample([3, 1, 2], random).Genes.ToArray());
        Assert.Equal(0, random.Left);
    }
}
