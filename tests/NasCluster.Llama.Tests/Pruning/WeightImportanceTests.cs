using MathNet.Numerics.LinearAlgebra;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Pruning;
using NasCluster.Llama.Repair;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Pruning;

public sealed class WeightImportanceTests
{
    // Head size 6 with 2 query heads for each of 2 KV groups; a layer without attention and one without MLP.
    private static readonly LlamaConfiguration Shape = TrainingCases.Grouped(tied: false) with { Layers = [new(2, 17), new(0, 5), new(2, 0)] };

    private static readonly IReadOnlyList<ScoringRequest>[] Batches = [TrainingCases.Sequences(Shape, 1, 90, 70), TrainingCases.Sequences(Shape, 2, 33)];

    [Theory]
    [InlineData(ImportanceMeasure.Magnitude, false)]
    [InlineData(ImportanceMeasure.Magnitude, true)]
    [InlineData(ImportanceMeasure.Wanda, false)]
    [InlineData(ImportanceMeasure.Wanda, true)]
    [InlineData(ImportanceMeasure.Wifv, false)]
    [InlineData(ImportanceMeasure.Hessian, false)]
    [InlineData(ImportanceMeasure.Hessian, true)]
    public void Measure_EveryPart_IsTheSumOfItsDefinition(ImportanceMeasure measure, bool outputsOnly)
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = Statistics(checkpoint);

        var importance = WeightImportance.Measure(checkpoint, statistics, new ImportanceOptions { Measure = measure, OutputsOnly = outputsOnly });

        var rowsCount = !outputsOnly && measure != ImportanceMeasure.Wifv;
        for (var layer = 0; layer < Shape.Layers.Length; layer++)
        {
            var (weights, known, actual) = (checkpoint.Layers[layer], statistics.Layers[layer], importance.Layers[layer]);
            Assert.Equal(1 - known.Similarity, actual.Layer);
            for (var g = 0; g < actual.KvGroups.Length; g++)
            {
                // Group g: key and value rows 6 g to 6 g + 5, query rows and output columns 12 g to 12 g + 11.
                AssertNear(Rows(weights.QProj, r => r / 12 == g) + Rows(weights.KProj, r => r / 6 == g) + Rows(weights.VProj, r => r / 6 == g) + Columns(weights.OProj, c => c / 12 == g), actual.KvGroups[g]);
            }

            for (var p = 0; p < actual.HeadPairs.Length; p++)
            {
                bool Belongs(int channel) => channel % 6 == p || channel % 6 == p + 3;
                AssertNear(Rows(weights.QProj, Belongs) + Rows(weights.KProj, Belongs) + Rows(weights.VProj, Belongs) + Columns(weights.OProj, Belongs), actual.HeadPairs[p]);
            }

            for (var m = 0; m < actual.MlpChannels.Length; m++)
            {
                AssertNear(Rows(weights.GateProj, r => r == m) + Rows(weights.UpProj, r => r == m) + Columns(weights.DownProj, c => c == m), actual.MlpChannels[m]);
            }

            double Rows(WeightTensor tensor, Func<int, bool> belongs) => !rowsCount ? 0 :
                Sum(tensor, tensor.Name.Contains("mlp", StringComparison.Ordinal) ? known.Mlp : known.Attention, (row, _) => belongs(row));

            double Columns(WeightTensor tensor, Func<int, bool> belongs) =>
                Sum(tensor, tensor.Name.Contains("mlp", StringComparison.Ordinal) ? known.Down : known.Output, (_, column) => belongs(column));
        }

        Assert.Equal([(2, 3, 17), (0, 0, 5), (2, 3, 0)], importance.Layers.Select(l => (l.KvGroups.Length, l.HeadPairs.Length, l.MlpChannels.Length)));

        double Sum(WeightTensor tensor, InputStatistics? input, Func<int, int, bool> belongs)
        {
            var inverse = measure == ImportanceMeasure.Hessian ? Inverse(input!) : null;
            var sum = 0.0;
            for (var row = 0; row < tensor.Rows; row++)
            {
                var values = new float[tensor.Columns];
                tensor.ReadRow(row, values);
                sum += values.Select((w, j) => !belongs(row, j) ? 0 : measure switch
                {
                    ImportanceMeasure.Magnitude => Math.Abs(w),
                    ImportanceMeasure.Wanda => Math.Abs(w) * Math.Sqrt(input!.SumOfSquares[j] / input.Tokens),
                    ImportanceMeasure.Wifv => (double)w * w * input!.Variance[j],
                    _ => (double)w * w / inverse![j, j],
                }).Sum();
            }

            return sum;
        }
    }

    [Fact]
    public void Measure_MagnitudeWithoutStatistics_TakesTheWeightsForTheLayer()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var importance = WeightImportance.Measure(checkpoint, null, new ImportanceOptions { Measure = ImportanceMeasure.Magnitude });
        Assert.All(importance.Layers, l => AssertNear(l.KvGroups.Sum() + l.MlpChannels.Sum(), l.Layer));
        Assert.All(importance.Layers.Where(l => l.HeadPairs.Length > 0), l => AssertNear(l.KvGroups.Sum(), l.HeadPairs.Sum()));
    }

    [Fact]
    public void Measure_Standardized_HasMeanZeroAndSpreadOneInTheSameOrder()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = Statistics(checkpoint);
        var options = new ImportanceOptions { Measure = ImportanceMeasure.Wifv };

        var plain = WeightImportance.Measure(checkpoint, statistics, options).Layers;
        var standard = WeightImportance.Measure(checkpoint, statistics, options with { Standardize = true }).Layers;

        foreach (var (before, after) in plain.SelectMany(l => new[] { l.KvGroups, l.HeadPairs, l.MlpChannels }).Zip(standard.SelectMany(l => new[] { l.KvGroups, l.HeadPairs, l.MlpChannels })).Where(p => p.First.Length > 0))
        {
            Assert.Equal(0, after.Average(), 1e-12);
            Assert.Equal(1, after.Average(v => v * v), 1e-12);
            Assert.Equal(Enumerable.Range(0, before.Length).OrderBy(i => before[i]), Enumerable.Range(0, after.Length).OrderBy(i => after[i]));
        }
    }

    [Fact]
    public void Measure_MissingOrForeignStatistics_SaysWhichAreNeeded()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = CalibrationPass.Gather(checkpoint, Batches, new CalibrationOptions { LeastTokens = 1 });
        Assert.Equal(
            "The Gram matrix of the Attention input of layer 0 was not kept in calibration; Hessian importance needs it.",
            Failure(statistics, ImportanceMeasure.Hessian));
        Assert.Equal("There are no calibration statistics of the Attention input of layer 0; Wanda importance needs them.", Failure(null, ImportanceMeasure.Wanda));
        Assert.Equal(
            "The calibration statistics are of a network of another shape; they must be of the one that is measured.",
            Failure(statistics with { Configuration = Shape with { NormEpsilon = 1 } }, ImportanceMeasure.Wanda));
        Assert.Throws<ArgumentException>(() => WeightImportance.Measure(checkpoint, statistics, new ImportanceOptions { Measure = ImportanceMeasure.Taylor }));

        string Failure(CalibrationStatistics? known, ImportanceMeasure measure) =>
            Assert.Throws<NasClusterException>(() => WeightImportance.Measure(checkpoint, known, new ImportanceOptions { Measure = measure })).Message;
    }

    [Fact]
    public void Measure_FewerTokensThanChannels_IsDampedOrAnError()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        var statistics = CalibrationPass.Gather(checkpoint, [TrainingCases.Sequences(Shape, 1, 6)], new CalibrationOptions { Grams = GramInputs.All, LeastTokens = 1 });

        var importance = WeightImportance.Measure(checkpoint, statistics);

        Assert.All(importance.Layers.SelectMany(l => l.MlpChannels), v => Assert.True(v > 0 && double.IsFinite(v)));
        Assert.StartsWith(
            "The damped Gram matrix of the Attention input of layer 0 is not positive definite at channel",
            Assert.Throws<NasClusterException>(() => WeightImportance.Measure(checkpoint, statistics, new ImportanceOptions { Damping = new Damping(0) })).Message);
    }

    private static CalibrationStatistics Statistics(LlamaCheckpoint checkpoint) =>
        CalibrationPass.Gather(checkpoint, Batches, new CalibrationOptions { Grams = GramInputs.All, LeastTokens = 1 });

    // (2 X X^T, damped by a hundredth of its mean diagonal)^-1.
    private static Matrix<double> Inverse(InputStatistics input)
    {
        var gram = input.Gram!;
        return Matrix<double>.Build.Dense(gram.Size, gram.Size, (i, j) => 2 * (gram[i, j] + (i == j ? 0.01 * gram.MeanDiagonal : 0))).Inverse();
    }

    private static void AssertNear(double expected, double actual) => Assert.Equal(1, actual / expected, 1e-9);
}
