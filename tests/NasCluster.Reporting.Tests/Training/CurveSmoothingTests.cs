using NasCluster.Reporting.Training;

namespace NasCluster.Reporting.Tests.Training;

public class CurveSmoothingTests
{
    [Fact]
    public void Means_FewPoints_AreThePoints() => Assert.Equal([(1, 5), (2, 7), (4, 6)], CurveSmoothing.Means([(1, 5), (2, 7), (4, 6)], 3).ToArray());

    [Fact]
    public void Means_NoPoints_AreNone() => Assert.Empty(CurveSmoothing.Means([], 3));

    [Fact]
    public void Means_ManyPoints_AreOfNeighbours() =>
        Assert.Equal([(0, 0), (1.5, 15), (3.5, 35)], CurveSmoothing.Means([.. Enumerable.Range(0, 5).Select(i => ((double)i, 10.0 * i))], 3).ToArray());

    [Theory]
    [InlineData(201)]
    [InlineData(399)]
    [InlineData(100_000)]
    public void Means_AnyNumber_CountsEachPointOnce(int count)
    {
        var stretches = CurveSmoothing.Means([.. Enumerable.Range(0, count).Select(i => ((double)i, 1.0))], 200);

        // The mean of neighbouring whole numbers says which they were, if the stretches leave no gap.
        Assert.Equal(200, stretches.Length);
        var first = 0.0;
        Assert.All(stretches, s =>
        {
            var length = (2 * (s.X - first)) + 1;
            Assert.InRange(length, Math.Floor(count / 200.0), Math.Ceiling(count / 200.0));
            first += length;
        });
        Assert.Equal(count, first);
    }
}
