using NasCluster.Core.Control.Hosting;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Control.Hosting;

public sealed class PulseTests
{
    [Fact]
    public void IsLost_HeardOfOnceAndThenNoMore_ComesTrueAfterTheLongestSilence()
    {
        var time = new VirtualTime();
        var pulse = new Pulse(TimeSpan.FromSeconds(30), time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((null, false), (pulse.Silence, pulse.IsLost));

        pulse.Beat();
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((TimeSpan.FromSeconds(30), false), (pulse.Silence, pulse.IsLost));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(pulse.IsLost);

        pulse.Beat();
        Assert.Equal((TimeSpan.Zero, false), (pulse.Silence, pulse.IsLost));
    }
}
