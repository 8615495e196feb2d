using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class HypervolumeGainTests
{
    [Fact]
    public void Of_NothingAboveZero_IsUnknown()
    {
        Assert.Null(HypervolumeGain.Of([]));
        Assert.Null(HypervolumeGain.Of([new(1, 0), new(2, double.PositiveInfinity), new(3, double.NaN)]));
    }

    [Fact]
    public void Of_OnePoint_HasGainedNothingYet() => Assert.Equal("+0.00 % since evaluation 20", $"{HypervolumeGain.Of([new(20, 5)])}");

    [Fact]
    public void Of_ZeroAtFirst_CountsFromTheFirstVolumeThatIsNot() =>
        Assert.Equal(new HypervolumeGain(3, 4, 0.5, 9), HypervolumeGain.Of([new(1, 0), new(3, 4), new(9, 6), new(12, 6)]));

    [Theory]
    [InlineData(1.038, "+3.80 % since evaluation 20, last at 1,181")]
    [InlineData(1.0000001, "+0.00 % since evaluation 20, last at 1,181")]
    [InlineData(123.456, "+12,246 % since evaluation 20, last at 1,181")]
    [InlineData(0.9, "-10.00 % since evaluation 20, last at 1,181")]
    public void ToString_SaysHowMuchAndSinceWhen(double last, string expected) =>
        Assert.Equal(expected, $"{HypervolumeGain.Of([new(20, 1), new(1_181, last), new(1_200, last)])}");

    [Fact]
    public void Of_UnitsOfTheObjectives_ChangeNothing() => Assert.Equal(
        $"{HypervolumeGain.Of([new(20, 138_634_396), new(181, 143_896_582)])}", $"{HypervolumeGain.Of([new(20, 138.634396), new(181, 143.896582)])}");

    [Fact]
    public void Of_VolumeBeyondNumbers_IsPassedOver() =>
        Assert.Equal(new HypervolumeGain(1, 1e-300, 1, 2), HypervolumeGain.Of([new(1, 1e-300), new(2, 2e-300), new(3, 1e300)]));
}
