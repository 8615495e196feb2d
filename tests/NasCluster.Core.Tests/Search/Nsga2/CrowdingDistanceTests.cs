using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Tests.Search.Nsga2;

public class CrowdingDistanceTests
{
    [Fact]
    public void Of_KnownFront_SumsTheGapsOfTheNeighbours()
    {
        // Extents 10 and 20. Of (4, 8): (6 - 0) / 10 + (20 - 6) / 20; of (6, 6): (10 - 4) / 10 + (8 - 0) / 20.
        var distances = CrowdingDistance.Of([[4, 8], [10, 0], [0, 20], [6, 6]]);

        Assert.Equal(1.3, distances[0], 12);
        Assert.Equal(double.PositiveInfinity, distances[1]);
        Assert.Equal(double.PositiveInfinity, distances[2]);
        Assert.Equal(1.0, distances[3], 12);
    }

    [Fact]
    public void Of_OneOrTwoMembers_AreInfinite()
    {
        Assert.Equal([0.0], CrowdingDistance.Of([[1, 2]]));
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity], CrowdingDistance.Of([[1, 2], [2, 1]]));
    }

    [Fact]
    public void Of_AllEqual_IsZero() => Assert.Equal([0.0, 0.0, 0.0], CrowdingDistance.Of([[1, 2], [1, 2], [1, 2]]));

    [Fact]
    public void Of_ObjectiveWithoutExtent_AddsNothing()
    {
        var distances = CrowdingDistance.Of([[0, 5], [1, 5], [4, 5]]);

        Assert.Equal([double.PositiveInfinity, 1.0, double.PositiveInfinity], distances);
    }

    [Fact]
    public void Of_HugeValues_DoesNotOverflow()
    {
        var distances = CrowdingDistance.Of([[-1e308], [0], [1e308]]);

        Assert.Equal(1.0, distances[1]);
    }

    [Fact]
    public void Of_Nothing_GivesNothing() => Assert.Empty(CrowdingDistance.Of([]));
}
