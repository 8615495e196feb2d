using NasCluster.Core.Randomness;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Randomness;

public class RandomSourceExtensionsTests
{
    [Fact]
    public void Shuffle_ScriptedDraws_SwapsFromTheBack()
    {
        int[] items = [10, 11, 12, 13];
        var random = new ScriptedRandom(0, 2, 0);

        random.Shuffle<int>(items);

        Assert.Equal([11, 13, 12, 10], items);
        Assert.Equal(0, random.Left);
    }

    [Fact]
    public void Shuffle_ManyTimes_GivesEveryOrderEquallyOften()
    {
        const int PerOrder = 5000;
        var random = new Xoshiro256(3);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 6 * PerOrder; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, PerOrder - 400, PerOrder + 400));
    }

    [Theory]
    [InlineData(0.0, 0.0, false)]
    [InlineData(0.999, 1.0, true)]
    [InlineData(0.5, 0.5, false)]
    [InlineData(0.49, 0.5, true)]
    public void NextBoolean_DrawBelowProbability_IsTrue(double draw, double probability, bool expected) =>
        Assert.Equal(expected, new ScriptedRandom(draw).NextBoolean(probability));
}
