using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Operators;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Operators;

// Expected children come from the published formula, computed apart in Python and rounded.
public class SimulatedBinaryCrossoverTests
{
    [Theory]
    [InlineData(200, 600, 1000, 15.0, 0.3, 206, 594)]
    [InlineData(200, 600, 1000, 15.0, 0.9, 179, 621)]
    [InlineData(10, 900, 1000, 15.0, 0.99, 1, 986)]
    [InlineData(0, 1000, 1000, 2.0, 0.97, 5, 995)]
    [InlineData(3, 5, 10, 2.0, 0.95, 2, 6)]
    public void Cross_ScriptedSpread_GivesTheFormulasChildren(
        int low, int high, int upper, double eta, double spread, int lower, int higher)
    {
        var crossover = new SimulatedBinaryCrossover(0.9, 0.5, eta);

        // The last draw decides which child gets the lower value; which parent is the lower one does not.
        Assert.Equal((higher, lower), Cross(crossover, low, high, upper, 0.89, 0.49, spread, 0.49));
        Assert.Equal((higher, lower), Cross(crossover, high, low, upper, 0.89, 0.49, spread, 0.49));
        Assert.Equal((lower, higher), Cross(crossover, low, high, upper, 0.89, 0.49, spread, 0.5));
    }

    [Fact]
    public void Cross_PairNotDrawn_TakesOneDrawAndKeepsTheParents() =>
        Assert.Equal((3, 8), Cross(new SimulatedBinaryCrossover(0.9, 0.5, 15), 3, 8, 10, 0.9));

    [Fact]
    public void Cross_GeneNotDrawn_KeepsItInPlace() =>
        Assert.Equal((3, 8), Cross(new SimulatedBinaryCrossover(0.9, 0.5, 15), 3, 8, 10, 0.1, 0.5));

    [Fact]
    public void Cross_EqualGenes_TakesNoDrawForTheSpread() =>
        Assert.Equal((4, 4), Cross(new SimulatedBinaryCrossover(1, 1, 15), 4, 4, 10, 0.1, 0.1));

    [Fact]
    public void Cross_SeveralGenes_DrawsGeneByGene()
    {
        int[] first = [200, 7, 200, 3];
        int[] second = [600, 7, 600, 3];
        var random = new ScriptedRandom(0.0, 0.1, 0.3, 0.9, 0.1, 0.7, 0.2);

        new SimulatedBinaryCrossover(1, 0.5, 15).Cross(first, second, [1001, 10, 1001, 10], random);

        Assert.Equal([206, 7, 200, 3], first);
        Assert.Equal([594, 7, 600, 3], second);
        Assert.Equal(0, random.Left);
    }

    [Fact]
    public void Cross_RandomParents_StaysInBounds()
    {
        var random = new Xoshiro256(11);
        ImmutableArray<int> cardinalities = [1, 2, 3, 11, 1001, int.MaxValue];
        for (var i = 0; i < 20_000; i++)
        {
            int[] first = [.. cardinalities.Select(random.NextInt)];
            int[] second = [.. cardinalities.Select(random.NextInt)];
            new SimulatedBinaryCrossover(1, 1, i % 30).Cross(first, second, cardinalities, random);
            for (var gene = 0; gene < cardinalities.Length; gene++)
            {
                Assert.InRange(first[gene], 0, cardinalities[gene] - 1);
                Assert.InRange(second[gene], 0, cardinalities[gene] - 1);
            }
        }
    }

    private static (int First, int Second) Cross(ICrossover crossover, int first, int second, int upper, params object[] draws)
    {
        int[] one = [first];
        int[] two = [second];
        var random = new ScriptedRandom(draws);
        crossover.Cross(one, two, [upper + 1], random);
        Assert.Equal(0, random.Left);
        return (one[0], two[0]);
    }
}
