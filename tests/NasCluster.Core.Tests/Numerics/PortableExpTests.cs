using NasCluster.Core.Numerics;

namespace NasCluster.Core.Tests.Numerics;

public sealed class PortableExpTests
{
    [Fact]
    public void Of_ManyNumbers_IsWithinTwoUnitsOfTheLibrary()
    {
        var random = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var x = i % 2 == 0 ? (random.NextDouble() * 1400) - 700 : (random.NextDouble() * 20) - 5;
            var expected = Math.Exp(x);
            Assert.True(Math.Abs(PortableExp.Of(x) - expected) <= 2 * (Math.BitIncrement(expected) - expected), $"exp({x:R})");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, Math.E)]
    [InlineData(-1, 0.36787944117144233)]
    [InlineData(709.782712893384, 1.7976931348622732E+308)]
    [InlineData(710, double.PositiveInfinity)]
    [InlineData(-746, 0)]
    [InlineData(-745, 4.9406564584124654E-324)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Of_Edges_AreThoseOfExp(double x, double expected) => Assert.Equal(expected, PortableExp.Of(x));
}
