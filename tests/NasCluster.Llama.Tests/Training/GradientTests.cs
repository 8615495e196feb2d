using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

/// <summary>Gradients against central differences of the loss of the reference network, which computes in double.</summary>
/// <remarks>
/// The error of an element is relative to its own size or, where it is smaller than that, to the root mean square of the differences
/// over its tensor: elements that happen to be near zero have no figures of their own to compare.
/// </remarks>
public sealed class GradientTests
{
    private const double Tolerance = 1e-4;
    private const int MostElements = 16;

    // With tied embeddings and rows this small the loss bends so sharply that steps of 1/512 are off by 5e-4.
    private const float Step = 1f / 8192;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LossAndGradients_FullNetwork_AgreesWithCentralDifferences(bool tied)
    {
        var configuration = TrainingCases.Grouped(tied);
        CheckAll(configuration, configuration.FullArchitecture, TrainingCases.Sequences(configuration, 3, 9, 38, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LossAndGradients_SubNetwork_AgreesWithCentralDifferencesAndIsZeroOutside(bool tied)
    {
        var configuration = TrainingCases.Grouped(tied);
        CheckAll(configuration, TrainingCases.Narrow(configuration), TrainingCases.Sequences(configuration, 4, 35, 12));
    }

    [Fact]
    public void LossAndGradients_SeveralTilesEachWay_AgreesWithCentralDifferences()
    {
        var configuration = RandomCheckpoint.Configuration(
            layers: 1, hidden: 40, headSize: 20, kvHeads: 2, queryHeadsPerKvHead: 1, intermediate: 210, vocabulary: 200, tied: false);
        CheckAll(configuration, configuration.FullArchitecture, TrainingCases.Sequences(configuration, 7, 11));
    }

    [Fact]
    public void LossAndGradients_LayersWithoutAttentionOrMlp_AgreesWithCentralDifferences()
    {
        var configuration = TrainingCases.Grouped(tied: true) with
        {
            Layers = [new LlamaLayerShape(0, 13), new LlamaLayerShape(2, 0), new LlamaLayerShape(1, 9)],
        };
        CheckAll(configuration, configuration.FullArchitecture, TrainingCases.Sequences(configuration, 5, 20));
    }

    [Fact]
    public void LossAndGradients_NoLayers_AgreesWithCentralDifferences()
    {
        var configuration = TrainingCases.Grouped(tied: true);
        CheckAll(configuration, new Architecture([]), TrainingCases.Sequences(configuration, 6, 20));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LossAndGradients_WithATeacher_AgreesWithCentralDifferencesOfBothTerms(bool tied)
    {
        const float SoftShare = 0.7f;
        var configuration = TrainingCases.Grouped(tied);
        var sequences = TrainingCases.Sequences(configuration, 8, 40, 3, 30);
        using var teacherCheckpoint = RandomCheckpoint.Make(configuration, 12);
        using var teacher = new TrainableNetwork(teacherCheckpoint, new CpuEngineOptions { Threads = 2 });
        using var expected = new TokenDistributions();
        teacher.Loss(configuration.FullArchitecture, sequences, expected);
        var teacherReference = new ReferenceNetwork(teacherCheckpoint);
        var narrow = TrainingCases.Narrow(configuration);
        CheckAll(configuration, narrow, sequences, new LossTerms { Teacher = expected, SoftShare = SoftShare }, reference =>
            ((1 - SoftShare) * TrainingCases.ReferenceLoss(reference, narrow, sequences))
            + (SoftShare * TrainingCases.ReferenceDivergence(teacherReference, configuration.FullArchitecture, reference, narrow, sequences)));
    }

    private static void CheckAll(LlamaConfiguration configuration, Architecture architecture, ScoringRequest[] sequences) =>
        CheckAll(configuration, architecture, sequences, LossTerms.TrueTokens, reference => TrainingCases.ReferenceLoss(reference, architecture, sequences));

    private static void CheckAll(
        LlamaConfiguration configuration, Architecture architecture, ScoringRequest[] sequences, LossTerms terms, Func<ReferenceNetwork, double> lossOf)
    {
        using var checkpoint = RandomCheckpoint.Make(configuration, 11);
        using var network = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        var gradients = ParameterSet.Zero(configuration);
        var loss = network.LossAndGradients(architecture, sequences, gradients, terms: terms);
        var reference = new ReferenceNetwork(checkpoint);
        Assert.Equal(TrainingCases.ReferenceLoss(reference, architecture, sequences), loss, 1e-5);
        var random = new Random(1);
        foreach (var (weights, gradient) in TensorCatalog.Tensors(checkpoint).Cast<InMemoryTensor>().Zip(gradients.Tensors))
        {
            var all = Enumerable.Range(0, weights.Values.Length).ToArray();
            random.Shuffle(all);
            int[] places = [.. all.Take(MostElements), weights.Values.Length - 1];
            var differences = Array.ConvertAll(places, i => Difference(weights.Values, i, () => lossOf(reference)));
            var scale = Math.Sqrt(differences.Average(d => d * d));
            foreach (var (place, expected) in places.Zip(differences))
            {
                var error = Math.Abs(gradient.Values[place] - expected);
                Assert.True(
                    expected == 0 ? gradient.Values[place] == 0 : error <= Tolerance * Math.Max(Math.Abs(expected), scale),
                    $"{weights.Name}[{place}]: {gradient.Values[place]} where differences give {expected}; the tensor's are about {scale}.");
            }
        }
    }

    // Fourth order, so that a step far above the rounding of weights still leaves a small error.
    private static double Difference(float[] values, int place, Func<double> loss)
    {
        var value = values[place];
        var near = Slope(Step);
        var far = Slope(2 * Step);
        values[place] = value;
        return near == 0 && far == 0 ? 0 : ((4 * near) - far) / 3;

        double Slope(float step)
        {
            values[place] = value + step;
            var (above, high) = (loss(), (double)values[place]);
            values[place] = value - step;
            var (below, low) = (loss(), (double)values[place]);
            return (above - below) / (high - low);
        }
    }
}
