using System.Buffers.Binary;
using NasCluster.Core;
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

    [Theory]
    [InlineData(0, 0, "header field dim is 0; it must be in [1, 16777216]")]
    [InlineData(1, -5, "header field hidden_dim is -5")]
    [InlineData(2, 1_000_000, "header field n_layers is 1000000; it must be in [1, 4096]")]
    [InlineData(3, 5, "header field dim is 12, which is no multiple of n_heads (5)")]
    [InlineData(3, 4, "dim 12 / n_heads 4 is a head of 3 channels; it must be even")]
    [InlineData(4, 3, "header field n_heads is 2, which is no multiple of n_kv_heads (3)")]
    [InlineData(5, 0, "header field vocab_size is 0; its magnitude must be in [1, 16777216]")]
    [InlineData(5, int.MinValue, "header field vocab_size is -2147483648")]
    [InlineData(6, 0, "header field seq_len is 0")]
    [InlineData(6, 10, "the header promises 7372 bytes, but the file has 7348: it is truncated")]
    [InlineData(6, 8, "the header promises 7324 bytes, but the file has 7348: it is overlong")]
    [InlineData(0, 0x616b3432, "a llama2.c file of version 1 or newer")]
    public void Open_BadHeaderField_NamesFileAndField(int field, int value, string message)
    {
        var file = SmallNetworks.Llama2cFile(SmallNetworks.Random(SmallNetworks.Configuration(tied: true)));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4 * field), value);
        AssertRefused(file, message);
    }

    [Theory]
    [InlineData(0, "the file is empty")]
    [InlineData(27, "27 bytes are too few for the header")]
    [InlineData(28, "the header promises 7348 bytes, but the file has 28: it is truncated")]
    [InlineData(7347, "7347: it is truncated")]
    [InlineData(7349, "7349: it is overlong")]
    public void Open_WrongLength_NamesFileAndBothLengths(int length, string message)
    {
        var file = SmallNetworks.Llama2cFile(SmallNetworks.Random(SmallNetworks.Configuration(tied: true)));
        Array.Resize(ref file, length);
        AssertRefused(file, message);
    }

    private static void AssertRefused(byte[] bytes, string message)
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Write("model.bin", bytes);
        var e = Assert.Throws<NasClusterException>(() => LlamaCheckpoints.Open(path));
        Assert.StartsWith(path + ": ", e.Message);
        Assert.Contains(message, e.Message);
    }
}
