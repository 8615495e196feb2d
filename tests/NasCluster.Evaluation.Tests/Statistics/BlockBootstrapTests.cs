using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Tests.Statistics;

public sealed class BlockBootstrapTests
{
    private const int Count = 8192;

    [Fact]
    public void Estimate_IndependentTokens_GivesTheTextbookError()
    {
        var values = AutoRegression(0);
        var (mean, perplexity) = BlockBootstrap.Estimate(values);

        var textbook = StandardDeviation(values) / Math.Sqrt(Count);
        Assert.InRange(mean, 0.8 * textbook, 1.2 * textbook);

        // For small errors exp stretches them by its slope: the perplexity itself.
        var slope = Math.Exp(-values.Average(v => (double)v));
        Assert.InRange(perplexity, 0.97 * slope * mean, 1.03 * slope * mean);
    }

    [Fact]
    public void Estimate_CorrelatedTokens_IsLargerThanTheTextbookError()
    {
        // For an autoregression with coefficient 0.8 the true error is sqrt(1.8 / 0.2) = 3 times the textbook's.
        var values = AutoRegression(0.8);
        var textbook = StandardDeviation(values) / Math.Sqrt(Count);
        Assert.InRange(BlockBootstrap.Estimate(values).Mean / textbook, 2.3, 3.5);
    }

    [Fact]
    public void Estimate_SameTokens_GivesTheSameBits() => Assert.Equal(BlockBootstrap.Estimate(AutoRegression(0.5)), BlockBootstrap.Estimate(AutoRegression(0.5)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(1000)]
    public void Estimate_EqualTokens_HasNoError(int count)
    {
        var (mean, perplexity) = BlockBootstrap.Estimate(Enumerable.Repeat(-1.5f, count).ToArray());
        Assert.Equal(0, mean, 12);
        Assert.Equal(0, perplexity, 12);
    }

    [Fact]
    public void Estimate_TwoTokens_IsThatOfFourEquallyLikelyDraws()
    {
        // Blocks of one: the mean is 0, 1/2, 1/2 or 1, a standard deviation of sqrt(1/8).
        Assert.Equal(Math.Sqrt(0.125), BlockBootstrap.Estimate([0f, 1f]).Mean, 0.02);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 1)]
    [InlineData(320, 20)]
    [InlineData(100_000, 64)]
    public void BlockLength_Count_KeepsSixteenBlocks(int count, int expected) => Assert.Equal(expected, BlockBootstrap.BlockLength(count));

    private static float[] AutoRegression(double coefficient)
    {
        var random = new Random(7);
        var values = new float[Count];
        double state = 0;
        for (var i = 0; i < Count; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            state = (coefficient * state) + (Math.Sqrt(1 - (coefficient * coefficient)) * normal);
            values[i] = (float)(state - 2);
        }

        return values;
    }

    private static double StandardDeviation(float[] values)
    {
        var mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
