using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Tests.Statistics;

public sealed class PairedDifferenceTests
{
    /// <summary>2 (1 + 12 + 66) / 4096: twelve documents that only one network gets right, two of them the second.</summary>
    [Fact]
    public void Of_Marks_IsMcNemarsExactTest()
    {
        var difference = PairedDifference.Of(Marks(10, 2, 20, true), Marks(10, 2, 20, false));

        Assert.Equal((10, 2), (difference.OnlyFirst, difference.OnlySecond));
        Assert.Equal(-8.0 / 32, difference.Mean, 1e-15);
        Assert.Equal(158.0 / 4096, difference.PValue, 1e-15);
    }

    /// <summary>By hand: differences 1, 0, 2, 1 have mean 1 and sum of squares 2, so the error is sqrt(2 / 3 / 4).</summary>
    [Fact]
    public void Of_Values_HasTheErrorOfTheirDifferences()
    {
        var difference = PairedDifference.Of([0.5, 2, 3, 4], [1.5, 2, 5, 5]);

        Assert.Equal(1, difference.Mean, 1e-15);
        Assert.Equal(Math.Sqrt(2.0 / 12), difference.StandardError, 1e-15);
        Assert.Equal(0.01430587844, difference.PValue, 1e-9); // Two-sided normal probability of 2.449490.
    }

    [Theory]
    [InlineData(5, 5, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 10, 2.0 / 1024)]
    [InlineData(2000, 100, 0)]
    public void Of_Marks_StaysAProbability(int onlyFirst, int onlySecond, double expected)
    {
        var p = PairedDifference.Of(Marks(onlyFirst, onlySecond, 1, true), Marks(onlyFirst, onlySecond, 1, false)).PValue;
        Assert.Equal(expected, p, 1e-12);
        Assert.InRange(p, 0, 1);
    }

    [Fact]
    public void Of_Swapped_IsTheSameTheOtherWay()
    {
        double[] first = [0.1, 0.7, 0.3, 0.9];
        double[] second = [0.4, 0.2, 0.5, 0.6];
        var (there, back) = (PairedDifference.Of(first, second), PairedDifference.Of(second, first));
        Assert.Equal((there.Mean, there.StandardError, there.PValue, there.OnlyFirst, there.OnlySecond), (-back.Mean, back.StandardError, back.PValue, back.OnlySecond, back.OnlyFirst));
    }

    [Fact]
    public void Of_OneDocument_HasNoError() => Assert.Equal(0, PairedDifference.Of([0.2], [0.5]).StandardError);

    [Fact]
    public void Of_OtherCounts_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => PairedDifference.Of([1, 0], [1]));

    private static double[] Marks(int onlyFirst, int onlySecond, int both, bool first) =>
    [
        .. Enumerable.Repeat(first ? 1.0 : 0, onlyFirst), .. Enumerable.Repeat(first ? 0 : 1.0, onlySecond), .. Enumerable.Repeat(1.0, both / 2), .. Enumerable.Repeat(0.0, both - (both / 2)),
    ];
}
