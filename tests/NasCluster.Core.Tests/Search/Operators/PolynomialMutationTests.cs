using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Operators;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Operators;

// Expected genes come from the published formula, computed apart in Python and rounded.
public class PolynomialMutationTests
{
    [Theory]
    [InlineData(300, 1000, 20.0, 0.2, 257)]
    [InlineData(300, 1000, 20.0, 0.9, 374)]
    [InlineData(300, 1000, 20.0, 0.5, 300)]
    [InlineData(2, 1000, 20.0, 0.001, 0)]
    [InlineData(990, 1000, 20.0, 0.9999, 1000)]
    [InlineData(0, 1000, 20.0, 0.3, 0)]
    [InlineData(1000, 1000, 20.0, 0.7, 1000)]
    [InlineData(0, 1, 20.0, 0.9999999, 1)]
    [InlineData(1, 2, 20.0, 0.2, 1)]
    [InlineData(5, 9, 5.0, 0.01, 1)]
    public void Mutate_ScriptedStep_GivesTheFormulasGene(int value, int upper, double eta, double step, int expected) =>
        Assert.Equal(expected, Mutate(new PolynomialMutation(1, 1, eta, alwaysMoves: false), value, upper, 0.0, 0.0, step));

    [Theory]
    [InlineData(300, 1000, 0.2, 257)]
    [InlineData(300, 1000, 0.5, 301)]
    [InlineData(0, 1000, 0.3, 1)]
    [InlineData(1000, 1000, 0.7, 999)]
    [InlineData(1, 2, 0.2, 0)]
    [InlineData(1, 2, 0.8, 2)]
    [InlineData(0, 1, 0.1, 1)]
    [InlineData(0, 1, 0.6, 1)]
    [InlineData(1, 1, 0.9, 0)]
    public void Mutate_AlwaysMoves_MovesAtLeastOneStep(int value, int upper, double step, int expected) =>
        Assert.Equal(expected, Mutate(new PolynomialMutation(1, 1, 20, alwaysMoves: true), value, upper, 0.0, 0.0, step));

    [Fact]
    public void Mutate_GenomeNotDrawn_TakesOneDraw() =>
        Assert.Equal(5, Mutate(new PolynomialMutation(0.3, 1, 20, alwaysMoves: true), 5, 9, 0.3));

    [Fact]
    public void Mutate_GeneNotDrawn_KeepsIt() =>
        Assert.Equal(5, Mutate(new PolynomialMutation(1, 0.3, 20, alwaysMoves: true), 5, 9, 0.0, 0.3));

    [Fact]
    public void Mutate_DefaultRate_IsOneOverTheGenesWithAChoice()
    {
        // Two of the four genes have a choice: the rate is 1/2, and the others take no draw.
        int[] genes = [0, 0, 0, 1];
        var random = new ScriptedRandom(0.0, 0.49, 0.6, 0.5);

        new PolynomialMutation(1, null, 20, alwaysMoves: true).Mutate(genes, [1, 2, 1, 2], random);

        Assert.Equal([0, 1, 0, 1], genes);
        Assert.Equal(0, random.Left);
    }

    [Fact]
    public void Mutate_RandomGenomes_StaysInBoundsAndMovesEveryGene()
    {
        var random = new Xoshiro256(12);
        ImmutableArray<int> cardinalities = [2, 3, 11, 1001, int.MaxValue];
        for (var i = 0; i < 20_000; i++)
        {
            int[] before = [.. cardinalities.Select(random.NextInt)];
            int[] genes = [.. before];
            new PolynomialMutation(1, 1, i % 40, alwaysMoves: true).Mutate(genes, cardinalities, random);
            for (var gene = 0; gene < genes.Length; gene++)
            {
                Assert.InRange(genes[gene], 0, cardinalities[gene] - 1);
                Assert.NotEqual(before[gene], genes[gene]);
            }
        }
    }

    private static int Mutate(PolynomialMutation mutation, int value, int upper, params object[] draws)
    {
        int[] genes = [value];
        var random = new ScriptedRandom(draws);
        mutation.Mutate(genes, [upper + 1], random);
        Assert.Equal(0, random.Left);
        return genes[0];
    }
}
