using NasCluster.Core.Search;
using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Tests.Statistics;

public sealed class AccuracyTests
{
    [Theory]
    [InlineData(0, 10, 0, 0)]
    [InlineData(10, 10, 1, 0)]
    [InlineData(5, 10, 0.5, 0.16666666666666666)]
    [InlineData(1, 1, 1, 0)]
    public void Of_Counts_GivesShareAndBinomialError(int right, int count, double share, double error) =>
        Assert.Equal(new ObjectiveValue(share, error), Accuracy.Of(right, count));
}
