using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Tests.Fakes;

namespace NasCluster.Evaluation.Tests.Measurements;

public sealed class SpeedMeasurementTests
{
    [Fact]
    public void Take_WarmUp_IsNotMeasured()
    {
        var time = new ManualTime();
        double[] durations = [900, 800, 10, 30, 20];
        var call = 0;
        using var network = new BigramNetwork(BigramNetwork.Configuration()) { OnScore = _ => time.Advance(durations[call++]) };

        var speed = SpeedMeasurement.Take(network, new(Batch: 2, Tokens: 8, WarmUp: 2, Repeats: 3), time, CancellationToken.None);

        Assert.Equal(5, call);
        Assert.Equal(20, speed.LatencyMs.Value);
        Assert.Equal(2 * 8 / 0.020, speed.TokensPerSecond.Value, 9);
    }

    [Fact]
    public void Take_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        using var network = new BigramNetwork(BigramNetwork.Configuration()) { OnScore = _ => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => SpeedMeasurement.Take(network, new(1, 8, 1, 3), new ManualTime(), source.Token));
        Assert.Equal(1, network.Calls);
    }

    [Fact]
    public void Of_EvenCount_TakesTheMiddleOfTheTwoAndIgnoresAnOutlier()
    {
        var speed = SpeedMeasurement.Of(Median.Estimate([10, 12, 14, 1000]), MeasuredPhase.Scoring, 2, 13);
        Assert.Equal(13, speed.LatencyMs.Value);
        Assert.Equal(2000, speed.TokensPerSecond.Value);

        // Distances from 13 are 1, 1, 3 and 987; their median is 2.
        Assert.Equal(1.2533141373155 * 1.4826 * 2 / 2, speed.LatencyMs.StandardError, 12);
        Assert.Equal(speed.LatencyMs.StandardError / 13, speed.TokensPerSecond.StandardError / 2000, 12);
    }
}
