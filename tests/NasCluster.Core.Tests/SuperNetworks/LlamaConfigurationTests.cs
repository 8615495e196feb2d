using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.SuperNetworks;

public sealed class LlamaConfigurationTests
{
    private static readonly LlamaConfiguration Whole = new()
    {
        VocabularySize = 32,
        HiddenSize = 16,
        HeadSize = 12,
        QueryHeadsPerKvHead = 2,
        Layers = [new(2, 12), new(1, 8)],
        MaximumPositions = 16,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbeddings = true,
    };

    // Written before there were head pairs and biases: it is part of results and of what fingerprints are taken of.
    private const string WholeJson =
        """{"vocabulary_size":32,"hidden_size":16,"head_size":12,"query_heads_per_kv_head":2,"layers":[{"kv_head_count":2,"intermediate_size":12},"""
        + """{"kv_head_count":1,"intermediate_size":8}],"maximum_positions":16,"norm_epsilon":1E-05,"rope_theta":10000,"tied_embeddings":true}""";

    private static readonly LlamaConfiguration Masked = Whole with
    {
        Layers = [new(2, 12, ChannelSelection.Set([0, 2, 3, 5])), new(1, 8, ChannelSelection.Leading(3))],
        HasOutputBiases = true,
    };

    [Fact]
    public void ToJson_WholeHeadsAndNoBiases_IsAsItAlwaysWas()
    {
        Assert.Equal(WholeJson, Whole.ToJson());
        Assert.Equal(Whole, LlamaConfiguration.FromJson(WholeJson));
    }

    [Fact]
    public void ToJson_HeadPairsAndBiases_ReadsBackTheSame()
    {
        var json = Masked.ToJson();
        Assert.Contains("""{"kv_head_count":2,"intermediate_size":12,"head_pairs":[0,2,3,5]},{"kv_head_count":1,"intermediate_size":8,"head_pairs":3}""", json, StringComparison.Ordinal);
        Assert.EndsWith(""","has_output_biases":true}""", json, StringComparison.Ordinal);
        Assert.Equal(Masked, LlamaConfiguration.FromJson(json));
    }

    [Theory]
    [InlineData("\"nonsense\"", "cannot be read")]
    [InlineData("[3,1]", "cannot be read")]
    [InlineData("[1,1]", "cannot be read")]
    [InlineData("-1", "cannot be read")]
    [InlineData("1.5", "cannot be read")]
    [InlineData("[[0]]", "cannot be read")]
    [InlineData("0", "Layer 0 has rotary pairs 0")]
    [InlineData("6", "Layer 0 has rotary pairs 6")]
    [InlineData("[0,6]", "all below 6")]
    public void FromJson_HeadPairsThatCannotBe_AreRefused(string pairs, string expected)
    {
        var json = Masked.ToJson().Replace("[0,2,3,5]", pairs, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<NasClusterException>(() => LlamaConfiguration.FromJson(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_OtherHeadPairsOrBiases_Differs()
    {
        LlamaConfiguration[] all =
        [
            Whole, Masked, Whole with { HasOutputBiases = true }, Whole with { Layers = Masked.Layers },
            Masked with { Layers = [Masked.Layers[0] with { HeadPairs = ChannelSelection.Set([0, 2, 3, 4]) }, Masked.Layers[1]] },
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Masked, Masked with { Layers = [new(2, 12, ChannelSelection.Set([0, 2, 3, 5])), new(1, 8, ChannelSelection.Set([0, 1, 2]))] });
    }

    [Fact]
    public void Extract_HeadPairs_CountAmongThoseTheLayerHas()
    {
        var cut = Masked.Extract(new Architecture(
        [
            new(0, ChannelSelection.Leading(1), ChannelSelection.Leading(5), ChannelSelection.Set([1, 3])),
            new(1, ChannelSelection.Leading(1), ChannelSelection.Leading(8)),
        ]));
        Assert.Equal([new LlamaLayerShape(1, 5, ChannelSelection.Set([2, 5])), Masked.Layers[1]], cut.Layers.ToArray());
        Assert.Equal((12, 4, 6), (cut.HeadSize, cut.HeadChannels(cut.Layers[0]), cut.HeadChannels(cut.Layers[1])));
        Assert.True(cut.HasOutputBiases);
        Assert.Equal(12, Whole.HeadChannels(Whole.Layers[0]));
    }

    [Fact]
    public void Extract_FullArchitecture_IsTheNetworkItself()
    {
        Assert.Equal(Masked, Masked.Extract(Masked.FullArchitecture));
        Assert.Equal(Whole, Whole.Extract(Whole.FullArchitecture));
    }

    [Fact]
    public void Extract_WithoutAttention_HasNoHeadPairs()
    {
        var cut = Masked.Extract(new Architecture([new(0, ChannelSelection.Leading(0), ChannelSelection.Leading(5))]));
        Assert.Equal(new LlamaLayerShape(0, 5), Assert.Single(cut.Layers));
    }

    [Theory]
    [InlineData(1, new int[0], "keeps no head pairs in layer 0")]
    [InlineData(1, new[] { 4 }, "needs 5 head pairs in layer 0, but the network has 4")]
    [InlineData(1, new[] { 0, 1, 2, 3 }, "lists all 4 head pairs in layer 0")]
    [InlineData(0, new[] { 0 }, "chooses head pairs in layer 0, where it keeps no KV groups")]
    public void Check_HeadPairsThatAreNoChoice_AreRefused(int groups, int[] pairs, string expected)
    {
        var layer = new LayerArchitecture(0, ChannelSelection.Leading(groups), ChannelSelection.Leading(1), ChannelSelection.Set([.. pairs]));
        var exception = Assert.Throws<NasClusterException>(() => Masked.Check(new Architecture([layer])));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Canonical_ChoiceThatIsNone_IsLeftOut()
    {
        var layer = new LayerArchitecture(0, ChannelSelection.Leading(1), ChannelSelection.Leading(1), ChannelSelection.Leading(4));
        Assert.Null(Masked.Canonical(layer).HeadPairs);
        Assert.Equal(layer, Whole.Canonical(layer));
        Assert.Null(Whole.Canonical(layer with { KvGroups = ChannelSelection.Leading(0) }).HeadPairs);
        Assert.Equal(layer with { HeadPairs = null }, Masked.Canonical(layer with { HeadPairs = null }));
    }
}
