using System.Buffers.Binary;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Checkpoints;

public class Llama2cTests
{
    private const string Stories = "models/stories260K/stories260K.bin";

    [SharedDataFact(Stories)]
    public void Open_Stories_ReadsShapeAndRows()
    {
        using var checkpoint = LlamaCheckpoints.Open(SharedData.PathOf(Stories));
        var c = checkpoint.Configuration;
        Assert.Equal((512, 64, 8, 2, 5, 512), (c.VocabularySize, c.HiddenSize, c.HeadSize, c.QueryHeadsPerKvHead, c.Layers.Length, c.MaximumPositions));
        Assert.All(c.Layers, l => Assert.Equal(new LlamaLayerShape(4, 172), l));
        Assert.True(c.TiedEmbeddings);
        Assert.Same(checkpoint.EmbedTokens, checkpoint.LmHead);

        // Row 1 of a head of 8 in Hugging Face order is the third one in the file, where pairs are side by side.
        var raw = File.ReadAllBytes(SharedData.PathOf(Stories));
        const int Wq = 28 + (4 * ((512 * 64) + (5 * 64)));
        var row = new float[64];
        checkpoint.Layers[0].QProj.ReadRow(1, row);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => BinaryPrimitives.ReadSingleLittleEndian(raw.AsSpan(Wq + (4 * ((2 * 64) + i))))), row);
        checkpoint.Layers[0].QProj.ReadRow(8 + 4, row);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => BinaryPrimitives.ReadSingleLittleEndian(raw.AsSpan(Wq + (4 * ((9 * 64) + i))))), row);
    }
}
