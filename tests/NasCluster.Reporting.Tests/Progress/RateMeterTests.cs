using NasCluster.Reporting.Progress;

namespace NasCluster.Reporting.Tests.Progress;

public class RateMeterTests
{
    private readonly InstantTime _time = new();

    [Fact]
    public void PerSecond_BeforeProgress_IsUnknown()
    {
        var meter = new RateMeter(_time, TimeSpan.FromSeconds(30));
        meter.Add(5);
        _time.Advance(TimeSpan.FromSeconds(3));
        meter.Add(5);
        Assert.Null(meter.PerSecond);
        Assert.Null(meter.TimeFor(10));
        Assert.Equal(TimeSpan.Zero, meter.TimeFor(0));
        Assert.Equal(TimeSpan.FromSeconds(3), meter.Elapsed);
    }

    [Fact]
    public void PerSecond_AfterResume_DoesNotCountWhatWasDoneBefore()
    {
        var meter = new RateMeter(_time, TimeSpan.FromSeconds(30));
        meter.Add(100);
        _time.Advance(TimeSpan.FromSeconds(2));
        meter.Add(110);
        Assert.Equal(5, meter.PerSecond);
        Assert.Equal(TimeSpan.FromSeconds(8), meter.TimeFor(40));
    }

    [Fact]
    public void PerSecond_SlowStart_IsForgottenAfterTheWindow()
    {
        var meter = new RateMeter(_time, TimeSpan.FromSeconds(10));
        for (var second = 0; second <= 60; second++)
        {
            meter.Add(second < 30 ? second : 30 + ((second - 30) * 7));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(7, meter.PerSecond!.Value, 6);
    }

    [Fact]
    public void PerSecond_EvaluationsLongerThanTheWindow_AreStillMeasured()
    {
        var meter = new RateMeter(_time, TimeSpan.FromSeconds(10));
        for (var second = 0; second <= 600; second++)
        {
            meter.Add(second / 100);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0.01, meter.PerSecond!.Value, 6);
    }

    [Fact]
    public void PerSecond_Stall_FallsOff()
    {
        var meter = new RateMeter(_time, TimeSpan.FromSeconds(10));
        meter.Add(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        meter.Add(10);
        _time.Advance(TimeSpan.FromSeconds(99));
        meter.Add(10);
        Assert.Equal(0.1, meter.PerSecond!.Value, 6);
    }
}
