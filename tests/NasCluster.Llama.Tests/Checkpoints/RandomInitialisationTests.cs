using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Tests.Checkpoints;

public class RandomInitialisationTests
{
    private static readonly LlamaConfiguration Shape = SmallNetworks.Configuration(false, new LlamaLayerShape(2, 96), new LlamaLayerShape(2, 96)) with
    {
        VocabularySize = 300,
        HiddenSize = 48,
        HeadSize = 12,
    };

    [Fact]
    public void Create_Seed_GivesTheSameBitsEverywhere()
    {
        using var network = RandomInitialisation.Create(Shape, 1);

        // The first weights are from a program written apart from this one, in another language.
        Assert.Equal("659c68ed0da785167adc1e2ef7a36ad74c7fb1719443325b00aff23ee35e0205", network.Fingerprint);
        Assert.Equal([0x3BC41C29u, 0xBC06EB85u, 0xBB7B0000u, 0xBC1ED0A4u], SmallNetworks.Row(network.EmbedTokens, 0)[..4].Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(network.Fingerprint, CheckpointFingerprint.Compute(network));
    }

    [Fact]
    public void Create_Weights_HaveTheDeviationsAskedFor()
    {
        using var network = RandomInitialisation.Create(Shape, 7, 0.05);

        foreach (var tensor in TensorCatalog.Tensors(network).Cast<InMemoryTensor>().Where(t => t.Rows > 1))
        {
            // Two layers, so four projections that write to the stream.
            var deviation = tensor.Name.Contains("o_proj", StringComparison.Ordinal) || tensor.Name.Contains("down_proj", StringComparison.Ordinal) ? 0.025 : 0.05;
            var count = tensor.Values.Length;
            Assert.InRange(tensor.Values.Average(v => (double)v), -5 * deviation / Math.Sqrt(count), 5 * deviation / Math.Sqrt(count));
            Assert.InRange(Math.Sqrt(tensor.Values.Average(v => (double)v * v)) / deviation, 1 - (5 / Math.Sqrt(2 * count)), 1 + (5 / Math.Sqrt(2 * count)));

            // Normal, not uniform: 68.3 % lie within one deviation, 4.6 % beyond two.
            Assert.InRange(tensor.Values.Count(v => Math.Abs(v) < deviation) / (double)count, 0.63, 0.73);
            Assert.InRange(tensor.Values.Count(v => Math.Abs(v) > 2 * deviation) / (double)count, 0.02, 0.075);
            Assert.All(tensor.Values, v => Assert.InRange(v, -6 * deviation, 6 * deviation));
        }
    }

    [Fact]
    public void Create_Norms_AreOnes()
    {
        using var network = RandomInitialisation.Create(SmallNetworks.Configuration(true, new LlamaLayerShape(0, 10), new LlamaLayerShape(1, 0)), 1);

        Assert.All(
            network.Layers.SelectMany(l => new[] { l.InputLayernorm, l.PostAttentionLayernorm }).Append(network.Norm),
            norm => Assert.All(SmallNetworks.Row(norm, 0), v => Assert.Equal(1f, v)));
        Assert.Same(network.EmbedTokens, network.LmHead);
    }

    [Fact]
    public void Create_OtherWidth_LeavesOtherTensorsAsTheyAre()
    {
        using var narrow = RandomInitialisation.Create(Shape, 1);
        using var wide = RandomInitialisation.Create(Shape with { Layers = [new(2, 120), new(2, 96)] }, 1);

        Assert.Equal(SmallNetworks.Row(narrow.LmHead, 5), SmallNetworks.Row(wide.LmHead, 5));
        Assert.Equal(SmallNetworks.Row(narrow.Layers[1].QProj, 5), SmallNetworks.Row(wide.Layers[1].QProj, 5));
        Assert.NotEqual(SmallNetworks.Row(narrow.Layers[1].QProj, 5), SmallNetworks.Row(narrow.Layers[0].QProj, 5));
    }
}
