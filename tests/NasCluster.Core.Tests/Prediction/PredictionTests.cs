using System.Collections.Immutable;
using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Operators;

namespace NasCluster.Core.Tests.Prediction;

public class PredictionTests
{
    private static readonly ImmutableArray<int> Cardinalities = [3, 2, 4, 2, 3];

    [Fact]
    public void TryFactor_PositiveDefinite_SolvesAsItsProductSays()
    {
        var random = new Xoshiro256(1);
        const int n = 23;
        double[] root = [.. Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5)];
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = Enumerable.Range(0, n).Sum(k => root[(i * n) + k] * root[(j * n) + k]) + (i == j ? 0.1 : 0);
            }
        }

        double[] solution = [.. Enumerable.Range(0, 2 * n).Select(_ => random.NextDouble())];
        var sides = new double[2 * n];
        for (var i = 0; i < n; i++)
        {
            sides[2 * i] = Enumerable.Range(0, n).Sum(j => matrix[(i * n) + j] * solution[2 * j]);
            sides[(2 * i) + 1] = Enumerable.Range(0, n).Sum(j => matrix[(i * n) + j] * solution[(2 * j) + 1]);
        }

        Assert.True(Cholesky.TryFactor(matrix, n));
        Cholesky.Solve(matrix, n, sides, 2);

        // The condition number is below 1e3, so that errors of rounding stay far below this.
        Assert.All(sides.Zip(solution), pair => Assert.Equal(pair.Second, pair.First, 1e-10));
    }

    /// <summary>Panels must change no bit: a search goes on from a snapshot as it would have on any machine.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(23)]
    [InlineData(64)]
    public void TryFactor_AnyOrder_HasTheBitsOfOneColumnAfterTheOther(int n)
    {
        var random = new Xoshiro256((ulong)n);
        var matrix = new double[n * n];
        double[] sides = [.. Enumerable.Range(0, 5 * n).Select(_ => random.NextDouble())];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * n) + j] = random.NextDouble() + (i == j ? n : 0);
            }
        }

        double[] factor = [.. matrix];
        double[] solved = [.. sides];
        for (var k = 0; k < n; k++)
        {
            factor[(k * n) + k] = Math.Sqrt(factor[(k * n) + k]);
            for (var i = k + 1; i < n; i++)
            {
                factor[(i * n) + k] /= factor[(k * n) + k];
                for (var j = k + 1; j <= i; j++)
                {
                    factor[(i * n) + j] -= factor[(j * n) + k] * factor[(i * n) + k];
                }
            }

            for (var side = 0; side < 5; side++)
            {
                for (var j = 0; j < k; j++)
                {
                    solved[(5 * k) + side] -= solved[(5 * j) + side] * factor[(k * n) + j];
                }

                solved[(5 * k) + side] /= factor[(k * n) + k];
            }
        }

        Assert.True(Cholesky.TryFactor(matrix, n));
        Assert.Equal(factor, matrix);
        Cholesky.SolveLower(matrix, n, sides, 5);
        Assert.Equal(solved, sides);
    }

    [Fact]
    public void TryFactor_Indefinite_IsRefused() => Assert.False(Cholesky.TryFactor([1, 0, 2, 1], 2));

    [Theory]
    [InlineData(6)]
    [InlineData(60)]
    public void Fit_RidgePrimalAndDual_Agree(int count)
    {
        var (samples, targets) = Data(count, _ => 0);
        int[] all = [.. Enumerable.Range(0, count)];
        var setting = new RidgeSetting(0.3);
        var (dual, primal) = (setting.Dual(samples, targets, all)!, setting.Primal(samples, targets, all)!);

        Assert.Equal(dual.Intercept, primal.Intercept, 1e-9);
        Assert.All(dual.Weights.Zip(primal.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Fit_RidgeOfAnAdditiveObjective_IsNearlyExact()
    {
        var (samples, targets) = Data(80, _ => 0);
        var chosen = PredictorGrid.Choose(samples, targets, 1);

        Assert.True(PredictionError.KendallTau(targets, chosen.Validated) > 0.98);
        for (var i = 0; i < samples.Count; i++)
        {
            Assert.Equal(targets[i], chosen.Predictor.Predict(samples[i]), 0.05);
        }
    }

    [Fact]
    public void Choose_InteractionsOnly_KeepsTheKernel()
    {
        var (samples, targets) = Data(120, g => ((g.Genes[0] + g.Genes[1] + g.Genes[4]) % 2 * 20) + (g.Genes[2] * g.Genes[3] * 5));

        Assert.Equal(PredictorKind.RadialKernel, PredictorGrid.Choose(samples, targets, 1).Kind);
    }

    /// <summary>Products over orders of magnitude, as perplexities of pruned networks are: sums once they are logarithms.</summary>
    [Fact]
    public void Choose_TargetsOverOrdersOfMagnitude_AreLearnedAsLogarithms()
    {
        var (samples, logarithms) = Data(80, _ => 0);
        double[] targets = [.. logarithms.Select(t => Math.Exp(t / 3))];
        Assert.InRange(targets.Max() / targets.Min(), 100, 1e6);
        var chosen = PredictorGrid.Choose(samples, targets, 1);

        Assert.True(PredictionError.MeanAbsolutePercentage(targets, chosen.Validated) < 0.05);
        for (var i = 0; i < samples.Count; i++)
        {
            Assert.Equal(1, chosen.Predictor.Predict(samples[i]) / targets[i], 0.05);
        }

        // Sums over as many orders are in better order as they are.
        Assert.True(logarithms.Max() / logarithms.Min() > PredictorGrid.LogarithmicRatio);
        Assert.True(PredictionError.KendallTau(logarithms, PredictorGrid.Choose(samples, logarithms, 1).Validated) > 0.98);
    }

    [Fact]
    public void Choose_EqualTargetsOrTooFew_IsTheirMean()
    {
        var (samples, _) = Data(6, _ => 0);
        var chosen = PredictorGrid.Choose(samples, [4, 4, 4, 4, 4, 4], 1);
        Assert.Equal((PredictorKind.Constant, 4), (chosen.Kind, chosen.Predictor.Predict(samples[0])));

        var (few, _) = Data(2, _ => 0);
        Assert.Equal(2, PredictorGrid.Choose(few, [1, 3], 1).Predictor.Predict(few[0]));
    }

    [Fact]
    public void Folds_AnySeed_PartTheSamplesEvenly()
    {
        var folds = new CrossValidation(13, 5, 9).Folds;

        Assert.Equal(Enumerable.Range(0, 13), folds.SelectMany(f => f).Order());
        Assert.All(folds, f => Assert.InRange(f.Length, 2, 3));
        Assert.NotEqual(folds.SelectMany(f => f), new CrossValidation(13, 5, 10).Folds.SelectMany(f => f));
    }

    [Fact]
    public void KendallTau_KnownCases_AreThose()
    {
        Assert.Equal(1, PredictionError.KendallTau([1, 2, 3], [10, 20, 30]));
        Assert.Equal(-1, PredictionError.KendallTau([1, 2, 3], [3, 2, 1]));
        Assert.Equal(0, PredictionError.KendallTau([1, 2, 3], [5, 5, 5]));

        // Five of six pairs are untied in each, four agree: 4 / sqrt(5 x 5) with the remaining pairs tied in one of them.
        Assert.Equal(0.8, PredictionError.KendallTau([1, 2, 2, 3], [1, 2, 3, 3]), 1e-15);
    }

    [Fact]
    public void MeanAbsolutePercentage_ZeroValue_IsLeftOut() =>
        Assert.Equal(0.15, PredictionError.MeanAbsolutePercentage([2, 0, -10], [2.2, 7, -8]), 1e-15);

    /// <summary>Published values of the normal distribution to 15 digits.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(-1.96, 0.0249978951482204)]
    [InlineData(-3, 0.00134989803163009)]
    [InlineData(-8, 6.22096057427178e-16)]
    [InlineData(40, 1)]
    public void Cumulative_KnownValues_AreThose(double x, double expected)
    {
        Assert.Equal(expected, NormalDistribution.Cumulative(x), 1e-14);

        // Far out a continued fraction of five terms stands for the tail, which is good for eight digits of it.
        Assert.Equal(1, NormalDistribution.Cumulative(x) / expected, 1e-8);
    }

    [Fact]
    public void Over_GaussianProcess_InterpolatesAndIsSurestAtSamples()
    {
        var (samples, targets) = Data(30, g => g.Genes[0] * g.Genes[2]);
        var process = GaussianProcess.Fit(samples, targets, 0.8, 1e-4);
        var posterior = process.Over(samples);
        var unseen = new Samples(samples.Encoding, Genomes(200, 77));
        var away = process.Over(unseen);

        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(targets[i], posterior.Means[i], 0.1));
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(process.Predict(unseen[i]), away.Means[i], 1e-9));
        Assert.True(Enumerable.Range(0, 30).Max(posterior.Deviation) < Enumerable.Range(0, 200).Max(away.Deviation) / 5);
    }

    /// <summary>To believe a mean is to have measured it: variances must be those of a process fitted with it.</summary>
    [Fact]
    public void Believe_OneGenome_IsAsIfItWereMeasured()
    {
        var genomes = Genomes(40, 5).Distinct().ToArray();
        var encoding = new OneHotEncoding(Cardinalities);
        var (known, asked) = (genomes[..20], genomes[20..30]);
        double[] targets = [.. known.Select(Additive)];
        var process = GaussianProcess.Fit(new Samples(encoding, known), targets, 0.9, 0.01);
        var posterior = process.Over(new Samples(encoding, asked));
        var mean = posterior.Means[3];
        posterior.Believe(3);

        var more = GaussianProcess.Fit(new Samples(encoding, [.. known, asked[3]]), [.. targets, mean], 0.9, 0.01);
        var expected = more.Over(new Samples(encoding, asked));
        var scale = Math.Sqrt(process.Variance / more.Variance);
        for (var i = 0; i < asked.Length; i++)
        {
            Assert.Equal(expected.Means[i], posterior.Means[i], 1e-9);
            Assert.Equal(expected.Deviation(i) * scale, posterior.Deviation(i), 1e-9);
        }
    }

    [Fact]
    public void LeftOut_EverySample_IsWhatAProcessWithoutItPredicts()
    {
        var genomes = Genomes(15, 3).Distinct().ToArray();
        var encoding = new OneHotEncoding(Cardinalities);
        double[] targets = [.. genomes.Select(g => Additive(g) - 6)];
        var left = GaussianProcess.Fit(new Samples(encoding, genomes), targets, 0.9, 0.1).LeftOut(targets);

        // The mean is not estimated anew without the sample, so both differ by what one sample in fifteen moves it.
        for (var i = 0; i < genomes.Length; i++)
        {
            var others = Enumerable.Range(0, genomes.Length).Where(j => j != i).ToArray();
            var without = GaussianProcess.Fit(new Samples(encoding, [.. others.Select(j => genomes[j])]), [.. others.Select(j => targets[j])], 0.9, 0.1);
            Assert.Equal(without.Over(new Samples(encoding, [genomes[i]])).Means[0], left[i], 1.0);
        }
    }

    private static double Additive(Genome genome) => genome.Genes.Select((g, i) => g * (i + 1.5)).Sum();

    private static Genome[] Genomes(int count, ulong seed)
    {
        var random = new Xoshiro256(seed);
        return [.. Enumerable.Range(0, count).Select(_ => RandomSampling.Sample(Cardinalities, random))];
    }

    private static (Samples Samples, double[] Targets) Data(int count, Func<Genome, double> more)
    {
        var genomes = Genomes(count, 7);
        return (new Samples(new OneHotEncoding(Cardinalities), genomes), [.. genomes.Select(g => more(g) == 0 ? Additive(g) : more(g))]);
    }
}
