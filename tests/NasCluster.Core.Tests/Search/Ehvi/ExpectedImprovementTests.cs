using NasCluster.Core.Pareto;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Ehvi;

namespace NasCluster.Core.Tests.Search.Ehvi;

public class ExpectedImprovementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_CertainPoint_IsTheVolumeItAdds(int objectives)
    {
        var random = new Xoshiro256(3);
        double[] reference = [.. Enumerable.Repeat(1.0, objectives)];
        for (var round = 0; round < 30; round++)
        {
            var front = Points(random, objectives, 6);
            double[] point = [.. Enumerable.Range(0, objectives).Select(_ => random.NextDouble())];
            var added = HypervolumeSweep.Volume([.. front, point], reference) - HypervolumeSweep.Volume(front, reference);

            Assert.Equal(added, new ExpectedImprovement(new FreeBoxes(front, reference)).Of(point, new double[objectives]), 1e-12);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_UncertainPoint_IsTheMeanOfSamples(int objectives)
    {
        var random = new Xoshiro256(4);
        double[] reference = [.. Enumerable.Repeat(1.0, objectives)];
        var front = Points(random, objectives, 5);
        double[] means = [.. Enumerable.Range(0, objectives).Select(_ => 0.4)];
        double[] deviations = [.. Enumerable.Range(0, objectives).Select(k => 0.1 * (k + 1))];
        var volume = HypervolumeSweep.Volume(front, reference);
        const int samples = 40_000;
        double sum = 0;
        for (var i = 0; i < samples; i++)
        {
            double[] point = [.. means.Zip(deviations, (mean, deviation) => mean + (deviation * Normal(random)))];
            sum += Array.TrueForAll(point, v => v < 1) ? HypervolumeSweep.Volume([.. front, point], reference) - volume : 0;
        }

        // An improvement is below 1 and its standard deviation below 0.3: four standard errors of the mean are 0.006.
        Assert.Equal(sum / samples, new ExpectedImprovement(new FreeBoxes(front, reference)).Of(means, deviations), 0.006);
    }

    private static double[][] Points(Xoshiro256 random, int objectives, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, objectives).Select(_ => random.NextDouble()).ToArray())];

    private static double Normal(Xoshiro256 random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
