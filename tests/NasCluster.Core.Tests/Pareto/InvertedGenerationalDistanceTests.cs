using NasCluster.Core.Pareto;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Pareto;

public class InvertedGenerationalDistanceTests
{
    private static readonly Objective[] Objectives =
        [new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored), new("speed", ObjectiveDirection.Maximise, ObjectiveKind.Measured)];

    private static readonly double[][] Reference = [[0, 10], [4, 20]];

    private readonly InvertedGenerationalDistance _distance = new(Objectives, Reference);

    [Fact]
    public void Plus_OnlyWorseCounts()
    {
        // From (0, 10): 3 worse in loss, faster. From (4, 20): better in loss, 4 slower.
        Assert.Equal((3 + 4) / 2.0, _distance.Plus([[3, 16]]));
        Assert.Equal(0, _distance.Plus([[-1, 30]]));
    }

    [Fact]
    public void Plain_AllDifferencesCount() =>
        Assert.Equal((Math.Sqrt(9 + 36) + Math.Sqrt(1 + 16)) / 2, _distance.Plain([[3, 16]]), 12);

    [Fact]
    public void Plus_SeveralPoints_TakesTheNearestForEachTarget() =>
        Assert.Equal((1 + 2) / 2.0, _distance.Plus([[1, 10], [6, 20], [50, 0]]));

    [Fact]
    public void Plus_TheReferenceItself_IsZero()
    {
        Assert.Equal(0, _distance.Plus(Reference));
        Assert.Equal(0, _distance.Plain(Reference));
    }

    [Fact]
    public void Plus_NoPoints_IsInfinite() => Assert.Equal(double.PositiveInfinity, _distance.Plus([]));

    [Fact]
    public void BadArguments_Throw()
    {
        Assert.Throws<ArgumentException>(() => new InvertedGenerationalDistance(Objectives, []));
        Assert.Throws<ArgumentException>(() => new InvertedGenerationalDistance([], Reference));
        Assert.Throws<ArgumentException>(() => new InvertedGenerationalDistance(Objectives, [[1]]));
        Assert.Throws<ArgumentException>(() => _distance.Plus([[1]]));
    }
}
