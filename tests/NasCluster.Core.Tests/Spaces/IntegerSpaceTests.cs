using NasCluster.Core.Search;
using NasCluster.Core.Spaces;

namespace NasCluster.Core.Tests.Spaces;

public class IntegerSpaceTests
{
    [Fact]
    public void DistinctCount_AnyCardinalities_IsTheirProduct()
    {
        Assert.Equal(60, new IntegerSpace([3, 4, 5]).DistinctCount);
        Assert.Equal(System.Numerics.BigInteger.Pow(1001, 30), new IntegerSpace([.. Enumerable.Repeat(1001, 30)]).DistinctCount);
    }

    [Fact]
    public void Canonicalise_GenomeOfTheSpace_GivesItBack()
    {
        var genome = new Genome([2, 3]);

        Assert.Equal(genome, new IntegerSpace([3, 4]).Canonicalise(genome));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, 4)]
    [InlineData(-1, 0)]
    [InlineData(0, 0, 0)]
    public void Canonicalise_GenomeNotOfTheSpace_Throws(params int[] genes) =>
        Assert.Throws<ArgumentException>(() => new IntegerSpace([3, 4]).Canonicalise(new Genome([.. genes])));

    [Fact]
    public void Constructor_NoGeneOrNoValue_Throws()
    {
        Assert.Throws<ArgumentException>(() => new IntegerSpace([]));
        Assert.Throws<ArgumentException>(() => new IntegerSpace([2, 0]));
    }
}
