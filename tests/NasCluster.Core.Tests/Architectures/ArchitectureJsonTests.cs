using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.Architectures;

public sealed class ArchitectureJsonTests
{
    private static readonly LlamaConfiguration Network = new()
    {
        VocabularySize = 32,
        HiddenSize = 16,
        HeadSize = 4,
        QueryHeadsPerKvHead = 2,
        Layers = [new(2, 12), new(2, 12), new(1, 8)],
        MaximumPositions = 16,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbeddings = true,
    };

    [Fact]
    public void Read_PartsLeftOut_KeepsThemWhole()
    {
        var architecture = ArchitectureJson.Read("""{"layers":[{"layer":0},{"layer":2,"mlp_channels":3}]}""", Network);

        Assert.Equal(
            new Architecture(
            [
                new(0, ChannelSelection.Leading(2), ChannelSelection.Leading(12)),
                new(2, ChannelSelection.Leading(1), ChannelSelection.Leading(3)),
            ]),
            architecture);
    }

    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        var architecture = new Architecture(
        [
            new(0, ChannelSelection.Set([1]), ChannelSelection.Set([0, 5, 11])),
            new(1, ChannelSelection.Leading(0), ChannelSelection.Leading(7)),
        ]);

        Assert.Equal(architecture, ArchitectureJson.Read(ArchitectureJson.Write(architecture), Network));
    }

    [Fact]
    public void Read_HeadPairs_AreCountsOrListsAndAllOfThemNone()
    {
        var architecture = ArchitectureJson.Read(
            """{"layers":[{"layer":0,"head_pairs":1},{"layer":1,"head_pairs":[1]},{"layer":2,"head_pairs":2}]}""", Network);

        Assert.Equal([ChannelSelection.Leading(1), ChannelSelection.Set([1]), null], architecture.Layers.Select(l => l.HeadPairs));
        var json = ArchitectureJson.Write(architecture);
        Assert.Equal(
            """{"layers":[{"layer":0,"kv_groups":2,"mlp_channels":12,"head_pairs":1},{"layer":1,"kv_groups":2,"mlp_channels":12,"head_pairs":[1]},{"layer":2,"kv_groups":1,"mlp_channels":8}]}""",
            json);
        Assert.Equal(architecture, ArchitectureJson.Read(json, Network));
        Assert.Equal("0:2/12/1 1:2/12/[1] 2:1/8", $"{architecture}");
    }

    [Theory]
    [InlineData("nonsense", "not JSON at line 1")]
    [InlineData("[]", "one list, \"layers\"")]
    [InlineData("""{"layers":[],"depth":3}""", "one list, \"layers\"")]
    [InlineData("""{"layers":[{"mlp_channels":3}]}""", "layers[0] does not say which layer")]
    [InlineData("""{"layers":[{"layer":1},{"layer":1}]}""", "layers[1].layer is 1; layers must ascend")]
    [InlineData("""{"layers":[{"layer":3}]}""", "below 3")]
    [InlineData("""{"layers":[{"layer":0,"layer":1}]}""", "layers[0].layer is given twice")]
    [InlineData("""{"layers":[{"layer":0,"mlp":3}]}""", "unknown key \"mlp\"")]
    [InlineData("""{"layers":[{"layer":0,"mlp_channels":-1}]}""", "layers[0].mlp_channels is -1")]
    [InlineData("""{"layers":[{"layer":0,"mlp_channels":1.5}]}""", "layers[0].mlp_channels is 1.5")]
    [InlineData("""{"layers":[{"layer":0,"mlp_channels":13}]}""", "needs 13 MLP channels in layer 0, but the network has 12")]
    [InlineData("""{"layers":[{"layer":2,"kv_groups":[1]}]}""", "needs 2 KV groups in layer 2, but the network has 1")]
    [InlineData("""{"layers":[{"layer":0,"kv_groups":[1,0]}]}""", "layers[0].kv_groups[1] is 0 after 1")]
    [InlineData("""{"layers":[{"layer":0,"head_pairs":"all"}]}""", "layers[0].head_pairs is \"all\"")]
    [InlineData("""{"layers":[{"layer":0,"head_pairs":[1,1]}]}""", "layers[0].head_pairs[1] is 1 after 1")]
    [InlineData("""{"layers":[{"layer":0,"head_pairs":1,"head_pairs":1}]}""", "layers[0].head_pairs is given twice")]
    [InlineData("""{"layers":[{"layer":0,"head_pairs":0}]}""", "keeps no head pairs in layer 0")]
    [InlineData("""{"layers":[{"layer":0,"head_pairs":3}]}""", "needs 3 head pairs in layer 0, but the network has 2")]
    [InlineData("""{"layers":[{"layer":0,"head_pairs":1,"kv_groups":0}]}""", "chooses head pairs in layer 0, where it keeps no KV groups")]
    public void Read_NotAnArchitecture_NamesPlaceAndRule(string json, string expected)
    {
        var exception = Assert.Throws<NasClusterException>(() => ArchitectureJson.Read(json, Network));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
