using NasCluster.Core.Architectures;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;

namespace NasCluster.Evaluation.Tests.Costs;

public sealed class CostModelTests
{
    private static readonly LlamaConfiguration Stories = new()
    {
        VocabularySize = 512,
        HiddenSize = 64,
        HeadSize = 8,
        QueryHeadsPerKvHead = 2,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(4, 172), 5)],
        MaximumPositions = 512,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbeddings = true,
    };

    private static LlamaConfiguration Llama2(int layers, int channels) => Stories with
    {
        VocabularySize = 32000,
        HiddenSize = 4096,
        HeadSize = 128,
        QueryHeadsPerKvHead = 1,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(32, channels), layers)],
        TiedEmbeddings = false,
    };

    [Fact]
    public void Parameters_Stories_IsThePublishedCount() => Assert.Equal(260_032, CostModel.Parameters(Stories));

    [Theory]
    [InlineData(32, 11008, 6_738_415_616)]
    [InlineData(32, 5504, 4_574_154_752)]
    [InlineData(24, 11008, 5_119_348_736)]
    [InlineData(24, 5504, 3_496_153_088)]
    public void Parameters_Llama2_IsThePublishedCount(int layers, int channels, long expected)
    {
        Assert.Equal(expected, CostModel.Parameters(Llama2(layers, channels)));
        Assert.Equal(expected - (2L * 32000 * 4096) - 4096, CostModel.BlockParameters(Llama2(layers, channels)));
    }

    [Theory]
    [InlineData(WeightFormat.Float32, 4)]
    [InlineData(WeightFormat.Bfloat16, 2)]
    [InlineData(WeightFormat.Int8, 2)]
    public void KvCacheBytes_Llama2_IsKeysAndValuesOfEveryTokenInEveryLayer(WeightFormat format, int bytes) =>
        Assert.Equal(2L * 32 * 4096 * 8 * 2048 * bytes, CostModel.KvCacheBytes(Llama2(32, 11008), format, 8, 2048));

    [Fact]
    public void KvCacheBytes_UnequalLayers_CountTheHeadsAndChannelsThatStay()
    {
        var shape = Stories with { Layers = [new(4, 172), new(1, 10), new(0, 10), new(2, 0, ChannelSelection.Leading(3))] };
        Assert.Equal(2 * ((4 * 8) + 8 + (2 * 6)) * 3 * 10 * 4, CostModel.KvCacheBytes(shape, WeightFormat.Float32, 3, 10));
    }

    [Fact]
    public void Parameters_UnequalLayers_AddUp()
    {
        var architecture = new Architecture(
        [
            new(0, ChannelSelection.Leading(4), ChannelSelection.Leading(172)),
            new(2, ChannelSelection.Leading(1), ChannelSelection.Set([3, 5])),
            new(3, ChannelSelection.Leading(0), ChannelSelection.Leading(10)),
            new(4, ChannelSelection.Leading(2), ChannelSelection.Leading(0)),
        ]);

        // Per KV group 16 query and 8 key and 8 value channels: 64 x (2 x 16 + 2 x 8) = 3072 weights; per MLP channel 192.
        var blocks = ((4 * 3072) + (172 * 192) + 128) + (3072 + (2 * 192) + 128) + ((10 * 192) + 64) + ((2 * 3072) + 64);
        Assert.Equal(blocks, CostModel.BlockParameters(Stories.Extract(architecture)));
    }

    [Fact]
    public void Parameters_HeadPairsLeftOutAndBiases_AddUp()
    {
        var masked = Stories with
        {
            Layers = [new(4, 172, ChannelSelection.Set([0, 3])), new(2, 0), new(0, 10)],
            HasOutputBiases = true,
        };

        // A KV group of half as many channels a head: 1536 weights instead of 3072. Norm and bias of each part: 64 values.
        const long Matrices = (4 * 1536) + (172 * 192) + (2 * 3072) + (10 * 192);
        Assert.Equal(Matrices + (4 * 2 * 64), CostModel.BlockParameters(masked));
        Assert.Equal(4 * CostModel.Parameters(masked), CostModel.MemoryBytes(masked, WeightFormat.Float32));

        // Scales for the outputs: 4 x (8 + 4 + 4) + 64 + 2 x 172 + 64, then 2 x (16 + 8 + 8) + 64, then 2 x 10 + 64.
        const long Scales = 536 + 128 + 84;
        Assert.Equal(Matrices + (2 * Scales) + (2 * ((4 * 2 * 64) + (512 * 64) + 64)), CostModel.MemoryBytes(masked, WeightFormat.Int8));
        Assert.Equal(Matrices + (512 * 64) + (2 * (32 + 32) * 100), CostModel.MacsPerToken(masked, 100));
    }

    [Theory]
    [InlineData(WeightFormat.Float32, 4 * 260_032)]
    [InlineData(WeightFormat.Float16, 2 * 260_032)]
    [InlineData(WeightFormat.Bfloat16, 2 * 260_032)]
    public void MemoryBytes_FloatFormats_AreBytesPerWeight(WeightFormat format, long expected) => Assert.Equal(expected, CostModel.MemoryBytes(Stories, format));

    [Fact]
    public void MemoryBytes_Int8_CountsScalesAndKeepsTheRestInTwoBytes()
    {
        // Matrices 5 x (4 x 3072 + 172 x 192); outputs 5 x (64 + 32 + 32 + 64 + 172 + 172 + 64); the rest is embedding and 11 norms.
        const long Matrices = 5 * ((4 * 3072) + (172 * 192));
        const long Scales = 5 * 600;
        Assert.Equal(Matrices + (2 * Scales) + (2 * ((512 * 64) + (11 * 64))), CostModel.MemoryBytes(Stories, WeightFormat.Int8));
    }

    [Fact]
    public void MacsPerToken_Stories_IsMatricesHeadAndAttention()
    {
        const long Matrices = 5 * ((4 * 3072) + (172 * 192));
        Assert.Equal(Matrices + (512 * 64) + (5 * 2 * 64 * 100), CostModel.MacsPerToken(Stories, 100));
    }
}
