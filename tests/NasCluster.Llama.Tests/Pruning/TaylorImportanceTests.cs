using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Pruning;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Pruning;

/// <summary>Rotary pairs, and the measure by group; what else there is of Taylor importance is tested where training uses it.</summary>
public sealed class TaylorImportanceTests
{
    private static readonly LlamaConfiguration Shape = TrainingCases.Grouped(tied: false) with { Layers = [new(2, 17), new(0, 5), new(2, 0)] };

    private static readonly IReadOnlyList<ScoringRequest>[] Batches = [TrainingCases.Sequences(Shape, 1, 40, 30), TrainingCases.Sequences(Shape, 2, 33)];

    [Fact]
    public void Measure_Pairs_AreTheMeanOverBatchesOfSquaredEffects()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = new TrainableNetwork(checkpoint);

        var importance = TaylorImportance.Measure(network, Batches).Layers;

        var expected = Batches.Average(batch => Vectors(network, [batch], 2, 1).Where(v => v.Channel % 6 is 1 or 4).Sum(v => v.Effects.Sum(e => e * e)));
        Assert.Equal(1, importance[2].HeadPairs[1] / expected, 1e-12);
        Assert.All(importance, l => Assert.Equal(l.KvGroups.Sum(), l.HeadPairs.Sum(), 1e-12));
        Assert.All(importance, l => Assert.Equal(l.KvGroups.Sum() + l.MlpChannels.Sum(), l.Layer, 1e-12));
    }

    [Fact]
    public void Measure_Group_IsTheSumOverRowsAndColumnsOfTheSizeOfTheirSum()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = new TrainableNetwork(checkpoint);

        var importance = TaylorImportance.Measure(network, Batches, ImportanceMeasure.TaylorGroup).Layers;

        var vectors = Vectors(network, Batches, 0, Batches.Length).ToArray();
        double Of(Func<(string Matrix, int Channel, double[] Effects), bool> belongs) => vectors.Where(belongs).Sum(v => Math.Abs(v.Effects.Sum()));
        Assert.Equal(1, importance[0].HeadPairs[2] / Of(v => !IsMlp(v.Matrix) && v.Channel % 6 is 2 or 5), 1e-5);
        Assert.Equal(1, importance[0].KvGroups[1] / Of(v => !IsMlp(v.Matrix) && v.Channel / (v.Matrix is "q_proj" or "o_proj" ? 12 : 6) == 1), 1e-5);
        Assert.Equal(1, importance[0].MlpChannels[16] / Of(v => IsMlp(v.Matrix) && v.Channel == 16), 1e-5);

        static bool IsMlp(string matrix) => matrix is "gate_proj" or "up_proj" or "down_proj";
    }

    [Fact]
    public void Measure_MeasureOfWeights_IsRefused()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = new TrainableNetwork(checkpoint);
        Assert.Throws<ArgumentException>(() => TaylorImportance.Measure(network, Batches, ImportanceMeasure.Wanda));
    }

    // g w along each row of q, k, v, gate and up and each column of o and down, g being the sum of the batches' gradients over a divisor.
    private static IEnumerable<(string Matrix, int Channel, double[] Effects)> Vectors(
        TrainableNetwork network, IReadOnlyList<ScoringRequest>[] batches, int layer, int divisor)
    {
        var gradients = ParameterSet.Zero(Shape);
        Array.ForEach(batches, b => network.LossAndGradients(Shape.FullArchitecture, b, gradients));
        foreach (var (weights, slopes) in network.Weights.Tensors.Zip(gradients.Tensors).Where(p => p.First.Name.Contains($"layers.{layer}.", StringComparison.Ordinal) && p.First.Name.Contains("_proj", StringComparison.Ordinal)))
        {
            var name = weights.Name.Split('.')[^2];
            var byColumn = name is "o_proj" or "down_proj";
            for (var channel = 0; channel < (byColumn ? weights.Columns : weights.Rows); channel++)
            {
                yield return (name, channel, [.. Enumerable.Range(0, weights.Values.Length)
                    .Where(i => (byColumn ? i % weights.Columns : i / weights.Columns) == channel)
                    .Select(i => (double)weights.Values[i] * slopes.Values[i] / divisor)]);
            }
        }
    }
}
