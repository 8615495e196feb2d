using NasCluster.Core.Search.Operators;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Operators;

public class UniformCrossoverTests
{
    [Fact]
    public void Cross_ScriptedDraws_ExchangesTheGenesDrawn()
    {
        int[] first = [1, 2, 3];
        int[] second = [7, 8, 9];
        var random = new ScriptedRandom(0.89, 0.49, 0.5, 0.0);

        new UniformCrossover(0.9, 0.5).Cross(first, second, [10, 10, 10], random);

        Assert.Equal([7, 2, 9], first);
        Assert.Equal([1, 8, 3], second);
        Assert.Equal(0, random.Left);
    }

    [Fact]
    public void Cross_PairNotDrawn_TakesOneDrawAndKeepsTheParents()
    {
        int[] first = [1];
        int[] second = [7];
        var random = new ScriptedRandom(0.9);

        new UniformCrossover(0.9, 0.5).Cross(first, second, [10], random);

        Assert.Equal((1, 7, 0), (first[0], second[0], random.Left));
    }
}
