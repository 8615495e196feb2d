using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Tests.Plots;

public class AxisTests
{
    [Fact]
    public void ForObjective_AnyValues_HasDistinctTicksInOrderInRange()
    {
        var random = new Random(5);
        for (var i = 0; i < 5_000; i++)
        {
            var scale = Math.Pow(10, random.Next(-6, 13));
            var offset = random.Next(3) == 0 ? scale * random.Next(-20, 20) : 0;
            var values = Enumerable.Range(0, random.Next(0, 6)).Select(_ => offset + (scale * Math.Pow(random.NextDouble(), random.Next(1, 12)))).ToArray();
            var most = random.Next(2, 10);
            var axis = Axis.ForObjective(random.Next(2) == 0 ? Reports.Perplexity : Reports.Parameters, values, most);

            Assert.True(axis.Ticks.Length <= most, $"{axis.Ticks.Length} ticks, at most {most}");
            Assert.Equal(axis.Ticks.Order(), axis.Ticks);
            Assert.All(axis.Ticks, t => Assert.InRange(axis.Place(t), -1e-6, 1 + 1e-6));
            Assert.All(values, v => Assert.InRange(axis.Place(v), 0, 1));
            Assert.Equal(axis.Ticks.Length, axis.Labels.Length);
        }
    }

    [Fact]
    public void ForObjective_NarrowRange_TicksAreRoundNumbers()
    {
        var axis = Axis.ForObjective(Reports.Perplexity, [3.1, 7.9], 5);
        Assert.Equal(["4", "6", "8"], axis.Labels.AsEnumerable());
        Assert.False(axis.IsLog);
    }

    [Fact]
    public void ForObjective_WideRange_IsLogarithmic()
    {
        var axis = Axis.ForObjective(Reports.Perplexity, [3.1, 2_500], 8);
        Assert.True(axis.IsLog);
        Assert.Equal(["3", "10", "30", "100", "300", "1,000", "3,000"], axis.Labels.AsEnumerable());
        Assert.Equal(0.5, axis.Place(Math.Sqrt(axis.Minimum * axis.Maximum)), 9);
    }

    [Fact]
    public void ForObjective_WideRangeWithZero_IsLinear() => Assert.False(Axis.ForObjective(Reports.Perplexity, [0, 2_500], 6).IsLog);

    [Fact]
    public void ForObjective_Parameters_LabelsCarryTheUnit() =>
        Assert.Equal(["100 K", "150 K", "200 K"], Axis.ForObjective(Reports.Parameters, [90_000, 210_000], 4).Labels.AsEnumerable());

    [Fact]
    public void ForObjective_OneValue_StandsInTheMiddle() => Assert.Equal(0.5, Axis.ForObjective(Reports.Speed, [42, 42], 4).Place(42), 9);

    [Fact]
    public void Fixed_Budget_EndsAtItsLastTick() => Assert.Equal([0, 50, 100, 150, 200], Axis.Fixed("evaluations", "evaluations", 0, 200, 6).Ticks.AsEnumerable());
}
