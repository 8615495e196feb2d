using NasCluster.Core.Numerics;

namespace NasCluster.Core.Tests.Numerics;

public sealed class PortableLogTests
{
    [Fact]
    public void Of_ManyNumbers_IsTheLibrarysToARelative1EMinus15()
    {
        var random = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var x = i % 2 == 0 ? Math.Exp((random.NextDouble() * 1400) - 700) : random.NextDouble() * 4;
            var expected = Math.Log(x);

            // Around 1 the logarithm is the difference from 1, which is exact here.
            Assert.True(Math.Abs(PortableLog.Of(x) - expected) <= 1e-15 * Math.Abs(expected), $"log({x:R})");
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(Math.E, 1)]
    [InlineData(double.MaxValue, 709.782712893384)]
    [InlineData(double.Epsilon, -744.4400719213812)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    public void Of_Edges_AreThoseOfLog(double x, double expected) => Assert.Equal(expected, PortableLog.Of(x));
}
