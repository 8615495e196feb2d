using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Evaluation.Tests.Tasks.Scoring;

public sealed class MetricStatisticsTests
{
    private const double Close = 1e-13;

    [Fact]
    public void Mean_HasTheErrorOfTheSample()
    {
        Assert.Equal(0.4, MetricStatistics.Aggregate(MetricAggregation.Mean, [1, 0, 1, 0, 0], []), Close);
        Assert.Equal(Math.Sqrt(1.2 / 4 / 5), MetricStatistics.StandardError(MetricAggregation.Mean, [1, 0, 1, 0, 0], []), Close);
    }

    /// <summary>Against the harness's own formula in Python: 1,000 times <c>choices</c> from <c>Random(0)</c>.</summary>
    [Fact]
    public void Perplexity_HasTheErrorThatPythonsResamplesHave()
    {
        double[] values = [-1, -2.5, -0.25, -4, -3];

        Assert.Equal(Math.Exp(10.75 / 5), MetricStatistics.Aggregate(MetricAggregation.Perplexity, values, []), Close);
        Assert.Equal(6.627872792005814, MetricStatistics.StandardError(MetricAggregation.Perplexity, values, []), 1e-12);
    }

    [Fact]
    public void Weighted_DividesSumBySum()
    {
        double[] values = [-30, -10];
        double[] words = [10, 10];

        Assert.Equal(Math.Exp(2), MetricStatistics.Aggregate(MetricAggregation.WeightedPerplexity, values, words), 1e-12);
        Assert.Equal(2 / Math.Log(2), MetricStatistics.Aggregate(MetricAggregation.BitsPerWeight, values, words), 1e-12);

        // Residuals -10 and 10: sqrt(200 x 2 / 1) / 20 = 1.
        Assert.Equal(1 / Math.Log(2), MetricStatistics.StandardError(MetricAggregation.BitsPerWeight, values, words), 1e-12);
        Assert.Equal(Math.Exp(2), MetricStatistics.StandardError(MetricAggregation.WeightedPerplexity, values, words), 1e-12);
    }

    [Theory]
    [InlineData(MetricAggregation.Mean)]
    [InlineData(MetricAggregation.Perplexity)]
    [InlineData(MetricAggregation.WeightedPerplexity)]
    public void StandardError_OneDocument_IsZero(MetricAggregation aggregation) =>
        Assert.Equal(0, MetricStatistics.StandardError(aggregation, [-3], [1]));

    /// <summary>Two tasks whose errors are those of means: pooling gives the error of the mean of all, apart from the difference of the two means.</summary>
    [Fact]
    public void Pooled_EqualMeans_IsTheErrorOfAllTogether()
    {
        double[] first = [1, 0, 1, 0];
        double[] second = [0, 1, 0, 1, 0, 1];
        double[] errors = [MetricStatistics.StandardError(MetricAggregation.Mean, first, []), MetricStatistics.StandardError(MetricAggregation.Mean, second, [])];

        Assert.Equal(Math.Sqrt(2.5 / 8 / 10), MetricStatistics.Pooled(errors, [4, 6]), Close);
    }
}
