using NasCluster.Core.Pareto;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Pareto;

public class HypervolumeTests
{
    [Fact]
    public void Of_KnownTwoObjectives_IsTheArea()
    {
        var volume = new Hypervolume(Minimised(2), [10, 10]);

        Assert.Equal(0, volume.Of(Array.Empty<double[]>()));
        Assert.Equal(8, volume.Of([[8, 6]]));
        Assert.Equal(8 + 5 + 10, volume.Of([[8, 6], [9, 1], [3, 8]]));
    }

    [Fact]
    public void Of_MaximisedObjectives_MeasuresTowardsTheReference()
    {
        Objective[] objectives = [Minimised(1)[0], new("speed", ObjectiveDirection.Maximise, ObjectiveKind.Measured)];

        // (2, 100) spans 8 x 90, and (5, 130) adds 5 x 30.
        Assert.Equal(870, new Hypervolume(objectives, [10, 10]).Of([[2, 100], [5, 130]]));
    }

    [Fact]
    public void Of_PointsNotBetterThanTheReference_AddNothing()
    {
        var volume = new Hypervolume(Minimised(3), [5, 5, 5]);

        Assert.Equal(0, volume.Of([[5, 0, 0], [0, 6, 0], [0, 0, double.PositiveInfinity]]));
        Assert.Equal(1, volume.Of([[4, 4, 4], [0, 0, 5]]));
    }

    /// <summary>Small integers make every product and sum exact, so equality is exact too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Of_RandomIntegerPoints_EqualsInclusionAndExclusion(int objectives)
    {
        const int Reference = 7;
        var random = new Xoshiro256((ulong)objectives);
        var volume = new Hypervolume(Minimised(objectives), [.. Enumerable.Repeat((double)Reference, objectives)]);
        for (var run = 0; run < 200; run++)
        {
            double[][] points =
            [
                .. Enumerable.Range(0, random.NextInt(11))
                    .Select(_ => (double[])[.. Enumerable.Range(0, objectives).Select(_ => (double)random.NextInt(9))]),
            ];

            Assert.Equal(InclusionExclusion([.. points.Where(p => p.All(v => v < Reference))], Reference), volume.Of(points));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Of_AnyOrderOfPoints_GivesTheSameBits(int objectives)
    {
        var random = new Xoshiro256(8);
        var volume = new Hypervolume(Minimised(objectives), [.. Enumerable.Repeat(1.0, objectives)]);
        for (var run = 0; run < 20; run++)
        {
            double[][] points =
            [
                .. Enumerable.Range(0, 25).Select(_ => (double[])[.. Enumerable.Range(0, objectives).Select(_ => random.NextDouble())]),
            ];
            var expected = volume.Of(points);
            random.Shuffle<double[]>(points);

            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(volume.Of(points)));
        }
    }

    [Fact]
    public void Of_SphereOfManyPoints_NearsTheExactVolume()
    {
        // A grid on the eighth of the unit sphere; what it does not dominate within the unit cube is nearly pi / 6.
        var angles = Enumerable.Range(0, 101).Select(i => Math.PI / 200 * i).ToArray();
        var points = angles.SelectMany(a => angles.Select(b => (double[])[Math.Cos(a) * Math.Cos(b), Math.Cos(a) * Math.Sin(b), Math.Sin(a)]));

        Assert.InRange(new Hypervolume(Minimised(3), [1, 1, 1]).Of(points), 0.98 * (1 - (Math.PI / 6)), 1 - (Math.PI / 6));
    }

    [Fact]
    public void Of_BadPoint_Throws()
    {
        var volume = new Hypervolume(Minimised(2), [1, 1]);

        Assert.Throws<ArgumentException>(() => volume.Of([[0.5]]));
        Assert.Throws<ArgumentException>(() => volume.Of([[double.NaN, 0]]));
        Assert.Throws<ArgumentException>(() => volume.Of([[double.NegativeInfinity, 0]]));
    }

    [Fact]
    public void Constructor_BadReference_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Hypervolume([], []));
        Assert.Throws<ArgumentException>(() => new Hypervolume(Minimised(2), [1]));
        Assert.Throws<ArgumentException>(() => new Hypervolume(Minimised(2), [1, double.PositiveInfinity]));
    }

    private static Objective[] Minimised(int count) =>
        [.. Enumerable.Range(0, count).Select(k => new Objective($"f{k}", ObjectiveDirection.Minimise, ObjectiveKind.Analytic))];

    /// <summary>The volume of a union of boxes by its definition: sum over all subsets, with alternating sign.</summary>
    private static double InclusionExclusion(double[][] points, double reference)
    {
        var total = 0.0;
        for (var subset = 1; subset < 1 << points.Length; subset++)
        {
            var members = points.Where((_, i) => (subset >> i & 1) == 1).ToArray();
            var common = Enumerable.Range(0, members[0].Length)
                .Aggregate(1.0, (product, k) => product * (reference - members.Max(p => p[k])));
            total += members.Length % 2 == 1 ? common : -common;
        }

        return total;
    }
}
