using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Surrogates;

namespace NasCluster.Core.Tests.Search.Surrogates;

public class PredictedViolationTests
{
    [Fact]
    public void Threshold_SeparablePredictions_PartsThem() =>
        Assert.Equal(0.3, PredictedViolation.Threshold([0, 0, 2, 1], [0.3, -1, 1.5, 0.4]));

    [Fact]
    public void Threshold_PredictionsBelowZero_IsNotBelowZero() =>
        Assert.Equal(0, PredictedViolation.Threshold([0, 0, 3], [-2, -1, 2]));

    [Fact]
    public void Threshold_AllInfeasible_IsZero() => Assert.Equal(0, PredictedViolation.Threshold([1, 2], [0.5, 3]));

    /// <summary>Against every threshold of a fine lattice: none takes fewer for what they are not, and none below it as few.</summary>
    [Fact]
    public void Threshold_AnyPredictions_IsTheLeastOfTheBest()
    {
        var random = new Xoshiro256(4);
        for (var round = 0; round < 200; round++)
        {
            // Multiples of a quarter, so that the lattice of eighths meets every threshold and every gap, ties included.
            double[] violations = [.. Enumerable.Range(0, 12).Select(_ => random.NextInt(2) * (1 + random.NextInt(8)) / 4.0)];
            double[] predictions = [.. violations.Select(v => v + ((random.NextInt(9) - 4) / 4.0))];
            var threshold = PredictedViolation.Threshold(violations, predictions);

            int Wrong(double at) => violations.Zip(predictions).Count(p => p.Second > at != p.First > 0);
            double[] lattice = [.. Enumerable.Range(0, 40).Select(i => i / 8.0)];
            Assert.Equal(lattice.Min(Wrong), Wrong(threshold));
            Assert.Equal(lattice.First(at => Wrong(at) == Wrong(threshold)), threshold);
        }
    }

    [Fact]
    public void Fit_NoViolations_IsNull() => Assert.Null(PredictedViolation.Fit(Samples(out _), new double[27], 1));

    [Fact]
    public void Predict_ViolationByOneGene_TellsFeasibleFromInfeasible()
    {
        var samples = Samples(out var genomes);
        var violation = PredictedViolation.Fit(samples, [.. genomes.Select(g => g.Genes[0] == 2 ? 1.5 : 0)], 1)!;

        for (var i = 0; i < genomes.Length; i++)
        {
            // Alpha of at least 0.1 shrinks the difference a little.
            Assert.Equal(genomes[i].Genes[0] == 2 ? 1.5 : 0, violation.Predict(samples[i]), 0.1);
            Assert.Equal(genomes[i].Genes[0] == 2, violation.Predict(samples[i]) > 0);
        }
    }

    /// <summary>All genomes of three genes with three options each.</summary>
    private static Samples Samples(out Genome[] genomes)
    {
        genomes = [.. Enumerable.Range(0, 27).Select(i => new Genome([i / 9, i / 3 % 3, i % 3]))];
        return new Samples(new OneHotEncoding([3, 3, 3]), genomes);
    }
}
