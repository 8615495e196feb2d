using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Tests.Checkpoints;

/// <summary>Made-up networks small enough to write and read in a test.</summary>
internal static class SmallNetworks
{
    public static LlamaConfiguration Configuration(bool tied = false, params LlamaLayerShape[] layers) => new()
    {
        VocabularySize = 11,
        HiddenSize = 12,
        HeadSize = 6,
        QueryHeadsPerKvHead = 2,
        Layers = layers.Length > 0 ? [.. layers] : [new(1, 10), new(1, 10)],
        MaximumPositions = 9,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = tied,
    };

    public static InMemoryCheckpoint Random(LlamaConfiguration c, int seed = 1)
    {
        var random = new Random(seed);
        WeightTensor Make(TensorSpec s)
        {
            var values = new float[s.Rows * s.Columns];
            foreach (ref var value in values.AsSpan())
            {
                value = (float)((random.NextDouble() * 2) - 1);
            }

            return new InMemoryTensor(s.Name, s.Rows, s.Columns, values);
        }

        var embed = Make(TensorCatalog.EmbedTokens(c));
        var layers = c.Layers.Select((_, i) => TensorCatalog.Layer(c, i).Select(Make).ToArray())
            .Select((t, i) => new LlamaLayerWeights(
                t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8],
                c.HasOutputBiases && c.Layers[i].KvHeadCount > 0 ? t[9] : null,
                c.HasOutputBiases && c.Layers[i].IntermediateSize > 0 ? t[10] : null))
            .ToImmutableArray();
        return new InMemoryCheckpoint(c, "made up", embed, Make(TensorCatalog.Norm(c)), c.TiedEmbeddings ? embed : Make(TensorCatalog.LmHead(c)), layers);
    }

    public static float[] Row(WeightTensor tensor, int row)
    {
        var values = new float[tensor.Columns];
        tensor.ReadRow(row, values);
        return values;
    }

    /// <summary>Every stored tensor equals what <paramref name="expected"/> says of the other's rows.</summary>
    public static void AssertSame(LlamaCheckpoint expected, LlamaCheckpoint actual, Func<float, float>? rounded = null)
    {
        Assert.Equal(expected.Configuration, actual.Configuration);
        var pairs = TensorCatalog.Tensors(expected).Zip(TensorCatalog.Tensors(actual)).ToArray();
        Assert.Equal(TensorCatalog.Of(expected.Configuration).Count(), pairs.Length);
        foreach (var (a, b) in pairs)
        {
            Assert.Equal((a.Name, a.Rows, a.Columns), (b.Name, b.Rows, b.Columns));
            for (var row = 0; row < a.Rows; row++)
            {
                Assert.Equal(Row(a, row).Select(v => rounded is null ? v : rounded(v)), Row(b, row));
            }
        }
    }

    /// <summary>The network as a llama2.c version-0 file, written from that format's description.</summary>
    public static byte[] Llama2cFile(LlamaCheckpoint network)
    {
        var c = network.Configuration;
        var (kv, mlp) = (c.Layers[0].KvHeadCount, c.Layers[0].IntermediateSize);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var field in new[] { c.HiddenSize, mlp, c.Layers.Length, kv * c.QueryHeadsPerKvHead, kv, c.TiedEmbeddings ? c.VocabularySize : -c.VocabularySize, c.MaximumPositions })
        {
            writer.Write(field);
        }

        void Rows(WeightTensor tensor, Func<int, int>? from = null)
        {
            for (var row = 0; row < tensor.Rows; row++)
            {
                Array.ForEach(Row(tensor, from?.Invoke(row) ?? row), writer.Write);
            }
        }

        // Row 2j of a head is the first of its j-th rotary pair, row 2j + 1 the second.
        int Interleaved(int row) => (row / c.HeadSize * c.HeadSize) + (row % c.HeadSize / 2) + (row % 2 * c.HeadSize / 2);

        Rows(network.EmbedTokens);
        Each(l => Rows(l.InputLayernorm));
        Each(l => Rows(l.QProj, Interleaved));
        Each(l => Rows(l.KProj, Interleaved));
        Each(l => Rows(l.VProj));
        Each(l => Rows(l.OProj));
        Each(l => Rows(l.PostAttentionLayernorm));
        Each(l => Rows(l.GateProj));
        Each(l => Rows(l.DownProj));
        Each(l => Rows(l.UpProj));
        Rows(network.Norm);
        for (var i = 0; i < c.MaximumPositions * c.HeadSize; i++)
        {
            writer.Write(123f);
        }

        if (!c.TiedEmbeddings)
        {
            Rows(network.LmHead);
        }

        return stream.ToArray();

        void Each(Action<LlamaLayerWeights> write) => Array.ForEach([.. network.Layers], write);
    }
}
