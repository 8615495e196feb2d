using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Checkpoints;

public class RoundTripTests
{
    private const string Stories = "models/stories260K/stories260K.bin";

    public static TheoryData<bool, int[], long> Networks => new()
    {
        { false, [2, 10, 2, 10, 2, 10], long.MaxValue },
        { true, [1, 8], long.MaxValue },
        { true, [2, 10, 1, 7], 2000 },
        { false, [3, 10, 0, 10, 2, 0, 0, 0], 1 },
        { false, [0, 0], long.MaxValue },
        { true, [0, 5, 0, 5], 600 },
        { false, [2, 0, 2, 0], long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void WriteThenOpen_Float32_KeepsEveryBit(bool tied, int[] shapes, long shardBytes)
    {
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration(tied, Shapes(shapes)));

        HuggingFaceDirectory.Write(network, folder.At("out"), WeightType.Float32, shardBytes);

        Assert.Equal(shardBytes < long.MaxValue, File.Exists(folder.At("out/model.safetensors.index.json")));
        Assert.Equal("out", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(folder.Root))));
        using var read = LlamaCheckpoints.Open(folder.At("out"));
        SmallNetworks.AssertSame(network, read);
        Assert.Equal(CheckpointFingerprint.Compute(network), read.Fingerprint);
        Assert.Equal(tied, ReferenceEquals(read.EmbedTokens, read.LmHead));
    }

    [Theory]
    [InlineData(true, long.MaxValue)]
    [InlineData(false, 700)]
    public void WriteThenOpen_HeadPairsAndBiases_KeepsEveryBit(bool biases, long shardBytes)
    {
        using var folder = new TemporaryDirectory();
        LlamaLayerShape[] layers = [new(2, 10, ChannelSelection.Set([0, 2])), new(0, 7), new(1, 0, ChannelSelection.Leading(1)), new(3, 4)];
        var network = SmallNetworks.Random(SmallNetworks.Configuration(false, layers) with { HasOutputBiases = biases });

        HuggingFaceDirectory.Write(network, folder.At("out"), WeightType.Float32, shardBytes);

        using var read = LlamaCheckpoints.Open(folder.At("out"));
        SmallNetworks.AssertSame(network, read);
        Assert.Equal(CheckpointFingerprint.Compute(network), read.Fingerprint);
        Assert.Equal([biases, false, biases, biases], read.Layers.Select(l => l.OProjBias is not null));
        Assert.Equal([biases, biases, false, biases], read.Layers.Select(l => l.DownProjBias is not null));
    }

    [Fact]
    public void WriteThenOpen_SlowedFrequencies_KeepsThemAndIsAnotherNetwork()
    {
        using var folder = new TemporaryDirectory();
        var plain = SmallNetworks.Random(SmallNetworks.Configuration(true, Shapes([2, 10])));
        var slowed = new InMemoryCheckpoint(
            plain.Configuration with { RopeScaling = new RopeScaling(32, 1, 4, 8192) }, "", plain.EmbedTokens, plain.Norm, plain.LmHead, plain.Layers);

        HuggingFaceDirectory.Write(slowed, folder.At("out"));

        using var read = LlamaCheckpoints.Open(folder.At("out"));
        Assert.Equal(slowed.Configuration, read.Configuration);
        Assert.Equal(read.Configuration, LlamaConfiguration.FromJson(read.Configuration.ToJson()));
        Assert.Equal(CheckpointFingerprint.Compute(slowed), read.Fingerprint);
        Assert.NotEqual(CheckpointFingerprint.Compute(plain), read.Fingerprint);
    }

    [Fact]
    public void WriteThenOpen_SubNetworkOfMaskedHeads_IsThatNetwork()
    {
        using var folder = new TemporaryDirectory();
        var whole = SmallNetworks.Random(SmallNetworks.Configuration(true, new(3, 10), new(2, 10)) with { HasOutputBiases = true });
        using var part = SubNetworkCheckpoint.Extract(whole, new Architecture(
        [
            new(0, ChannelSelection.Set([0, 2]), ChannelSelection.Leading(4), ChannelSelection.Set([1, 2])),
            new(1, ChannelSelection.Leading(0), ChannelSelection.Set([3, 9])),
        ]));

        HuggingFaceDirectory.Write(part, folder.At("out"));

        using var read = LlamaCheckpoints.Open(folder.At("out"));
        SmallNetworks.AssertSame(part, read);
        Assert.Equal(part.Fingerprint, read.Fingerprint);
    }

    [Fact]
    public void Write_OutputBiasesOfEqualLayers_IsThePlainLayoutWithAllItsBiases()
    {
        using var folder = new TemporaryDirectory();
        HuggingFaceDirectory.Write(SmallNetworks.Random(SmallNetworks.Configuration(true) with { HasOutputBiases = true }), folder.At("out"));
        using var config = JsonDocument.Parse(File.ReadAllText(folder.At("out/config.json")));
        Assert.Equal("llama", config.RootElement.GetProperty("model_type").GetString());
        Assert.True(config.RootElement.GetProperty("attention_bias").GetBoolean());
        Assert.True(config.RootElement.GetProperty("mlp_bias").GetBoolean());

        // What a plain LlamaForCausalLM of these settings has, with the length of each bias.
        var biases = RawSafetensors.Header(folder.At("out/model.safetensors"))
            .Where(e => e.Key.EndsWith(".bias", StringComparison.Ordinal) && e.Key.StartsWith("model.layers.1.", StringComparison.Ordinal))
            .Select(e => $"{e.Key["model.layers.1.".Length..]} {e.Value!["shape"]!.ToJsonString()}").Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "mlp.down_proj.bias [12]", "mlp.gate_proj.bias [10]", "mlp.up_proj.bias [10]", "self_attn.k_proj.bias [6]", "self_attn.o_proj.bias [12]",
                "self_attn.q_proj.bias [12]", "self_attn.v_proj.bias [6]",
            ],
            biases);
    }

    [Fact]
    public void Write_EqualLayersThatLackHeadPairs_ListsThem()
    {
        var shape = new LlamaLayerShape(2, 10, ChannelSelection.Set([0, 2]));
        using var config = JsonDocument.Parse(HuggingFaceDirectory.Config(SmallNetworks.Configuration(true, shape, shape), WeightType.Float32));
        Assert.Equal("nemotron-nas", config.RootElement.GetProperty("model_type").GetString());
        Assert.Equal(6, config.RootElement.GetProperty("head_dim").GetInt32());
        Assert.All(
            config.RootElement.GetProperty("block_configs").EnumerateArray(),
            b => Assert.Equal([0, 2], b.GetProperty("attention").GetProperty("head_pairs").EnumerateArray().Select(p => p.GetInt32())));
    }

    [Fact]
    public void Fingerprint_HeadPairsOrBiasOrItsPlace_Differs()
    {
        LlamaLayerShape shape = new(2, 10, ChannelSelection.Set([0, 2]));
        var configuration = SmallNetworks.Configuration(true, shape);
        var biased = SmallNetworks.Random(configuration with { HasOutputBiases = true });
        var swapped = new InMemoryCheckpoint(
            biased.Configuration, "", biased.EmbedTokens, biased.Norm, biased.LmHead,
            [biased.Layers[0] with { OProjBias = biased.Layers[0].DownProjBias, DownProjBias = biased.Layers[0].OProjBias }]);
        LlamaCheckpoint[] networks =
        [
            SmallNetworks.Random(configuration), SmallNetworks.Random(SmallNetworks.Configuration(true, shape with { HeadPairs = ChannelSelection.Set([1, 2]) })), biased, swapped,
        ];
        Assert.Equal(networks.Length, networks.Select(CheckpointFingerprint.Compute).Distinct().Count());
    }

    [Fact]
    public void InMemoryCheckpoint_BiasThatIsMissingOrTooMuch_IsRefused()
    {
        var with = SmallNetworks.Random(SmallNetworks.Configuration(true) with { HasOutputBiases = true });
        var without = with.Configuration with { HasOutputBiases = false };
        Assert.Throws<ArgumentException>(() => new InMemoryCheckpoint(without, "", with.EmbedTokens, with.Norm, with.LmHead, with.Layers));
        Assert.Throws<ArgumentException>(() => new InMemoryCheckpoint(
            with.Configuration, "", with.EmbedTokens, with.Norm, with.LmHead, [with.Layers[0], with.Layers[1] with { DownProjBias = null }]));
    }

    [Fact]
    public void Open_FilesThatAreLinks_ReadsWhatTheyLeadTo()
    {
        // As model hubs lay out their caches: a directory of links to files named by their hash.
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration());
        HuggingFaceDirectory.Write(network, folder.At("blobs"), WeightType.Float32);
        Directory.CreateDirectory(folder.At("model"));
        foreach (var file in Directory.GetFiles(folder.At("blobs")))
        {
            File.CreateSymbolicLink(folder.At($"model/{Path.GetFileName(file)}"), file);
        }

        using var read = LlamaCheckpoints.Open(folder.At("model"));

        SmallNetworks.AssertSame(network, read);
    }

    [Theory]
    [InlineData(WeightType.Float16)]
    [InlineData(WeightType.BFloat16)]
    public void WriteThenOpen_NarrowType_RoundsToNearestEven(WeightType type)
    {
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration());

        HuggingFaceDirectory.Write(network, folder.At("out"), type);

        using var read = LlamaCheckpoints.Open(folder.At("out"));
        SmallNetworks.AssertSame(network, read, v => type == WeightType.Float16 ? (float)(Half)v : RoundToBFloat16(v));
    }

    [Fact]
    public void Write_TokenizerFile_IsCopiedInOrNothingIsWritten()
    {
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration());

        HuggingFaceDirectory.Write(network, folder.At("out"), tokenizerFile: folder.Write("words.model", "pieces"));

        Assert.Equal("pieces", File.ReadAllText(folder.At("out/tokenizer.model")));
        HuggingFaceDirectory.Write(network, folder.At("json"), tokenizerFile: folder.Write("words.json", "{}"));
        Assert.Equal("{}", File.ReadAllText(folder.At("json/tokenizer.json")));
        Assert.Throws<NasClusterException>(() => HuggingFaceDirectory.Write(network, folder.At("other"), tokenizerFile: folder.At("absent.model")));
        Assert.Equal(["json", "out", "words.json", "words.model"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Write_UnequalLayers_ListsThemOneByOne()
    {
        using var config = JsonDocument.Parse(HuggingFaceDirectory.Config(SmallNetworks.Configuration(true, Shapes([2, 10, 0, 7, 1, 0])), WeightType.BFloat16));
        var root = config.RootElement;

        Assert.Equal("nemotron-nas", root.GetProperty("model_type").GetString());
        Assert.Equal(4, root.GetProperty("num_attention_heads").GetInt32());
        var blocks = root.GetProperty("block_configs").EnumerateArray().ToArray();
        Assert.Equal([false, true, false], blocks.Select(b => b.GetProperty("attention").GetProperty("no_op").GetBoolean()));
        Assert.Equal([false, false, true], blocks.Select(b => b.GetProperty("ffn").GetProperty("no_op").GetBoolean()));
        Assert.Equal(7, blocks[1].GetProperty("ffn").GetProperty("intermediate_size").GetInt32());
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Open_BothLayoutsOfTheSameWeights_AreTheSameNetwork(bool tied, int kvHeads)
    {
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration(tied, Shapes([kvHeads, 10, kvHeads, 10])) with { HiddenSize = 12 * kvHeads });
        folder.Write("model.bin", SmallNetworks.Llama2cFile(network));
        HuggingFaceDirectory.Write(network, folder.At("hf"));

        using var flat = LlamaCheckpoints.Open(folder.At("model.bin"));
        using var directory = LlamaCheckpoints.Open(folder.At("hf"));

        SmallNetworks.AssertSame(network, flat);
        Assert.Equal(directory.Fingerprint, flat.Fingerprint);
    }

    [SharedDataFact(Stories)]
    public void Write_Stories_KeepsFingerprintAndGivesTheBytesBack()
    {
        using var folder = new TemporaryDirectory();
        using var stories = LlamaCheckpoints.Open(SharedData.PathOf(Stories));
        HuggingFaceDirectory.Write(stories, folder.At("hf"), maximumShardBytes: 300_000);
        using var read = LlamaCheckpoints.Open(folder.At("hf"));
        Assert.Equal(stories.Fingerprint, read.Fingerprint);
        Assert.Equal(4, Directory.GetFiles(folder.At("hf"), "*.safetensors").Length);
    }

    [Fact]
    public void Fingerprint_OneBitOrOneSettingChanged_Differs()
    {
        var configuration = SmallNetworks.Configuration();
        var network = SmallNetworks.Random(configuration);
        var before = CheckpointFingerprint.Compute(network);
        var other = SmallNetworks.Random(configuration with { RopeTheta = 10_001 });
        var values = ((InMemoryTensor)network.Layers[1].DownProj).Values;
        values[^1] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(values[^1]) ^ 1);

        Assert.Equal(3, new HashSet<string> { before, CheckpointFingerprint.Compute(network), CheckpointFingerprint.Compute(other) }.Count);
        Assert.Matches("^[0-9a-f]{64}$", before);
    }

    [Fact]
    public void Write_TakenDirectory_IsRefusedAndUntouched()
    {
        using var folder = new TemporaryDirectory();
        Directory.CreateDirectory(folder.At("out"));
        File.WriteAllText(folder.At("out/mine.txt"), "keep");
        var e = Assert.Throws<NasClusterException>(() => HuggingFaceDirectory.Write(SmallNetworks.Random(SmallNetworks.Configuration()), folder.At("out")));
        Assert.Contains(folder.At("out"), e.Message);
        Assert.Contains("already there", e.Message);
        Assert.Equal("keep", File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public void Write_WeightTooLargeForFloat16_LeavesNothingBehind()
    {
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration());
        ((InMemoryTensor)network.Layers[1].UpProj).Values[14] = 70_000;
        var e = Assert.Throws<NasClusterException>(() => HuggingFaceDirectory.Write(network, folder.At("out"), WeightType.Float16));
        Assert.Equal($"{folder.At("out")}: model.layers.1.mlp.up_proj.weight is 70000 at row 1, column 2, which F16 cannot hold; choose a wider type.", e.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Open_LayerWithoutParts_HasEmptyTensorsAndPlainNorms()
    {
        using var folder = new TemporaryDirectory();
        HuggingFaceDirectory.Write(SmallNetworks.Random(SmallNetworks.Configuration(true, Shapes([0, 0, 2, 10]))), folder.At("out"));
        using var read = LlamaCheckpoints.Open(folder.At("out"));
        var layer = read.Layers[0];
        Assert.Equal(
            [(0, 12), (0, 12), (0, 12), (12, 0), (0, 12), (0, 12), (12, 0)],
            new[] { layer.QProj, layer.KProj, layer.VProj, layer.OProj, layer.GateProj, layer.UpProj, layer.DownProj }.Select(t => (t.Rows, t.Columns)));
        Assert.Equal(Enumerable.Repeat(1f, 12), SmallNetworks.Row(layer.InputLayernorm, 0));
        Assert.Equal(Enumerable.Repeat(1f, 12), SmallNetworks.Row(layer.PostAttentionLayernorm, 0));
    }

    [Fact]
    public void Write_FailsHalfway_LeavesNothingBehind()
    {
        using var folder = new TemporaryDirectory();
        var network = SmallNetworks.Random(SmallNetworks.Configuration());
        var broken = new InMemoryCheckpoint(network.Configuration, "x", network.EmbedTokens, new FullDisk(), network.LmHead, network.Layers);
        var e = Assert.Throws<NasClusterException>(() => HuggingFaceDirectory.Write(broken, folder.At("out"), maximumShardBytes: 1000));
        Assert.Equal($"{folder.At("out")}: cannot be written: No space left on device", e.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Write_BelowAFile_NamesThePath()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("file", [1]);
        var e = Assert.Throws<NasClusterException>(() => HuggingFaceDirectory.Write(SmallNetworks.Random(SmallNetworks.Configuration()), folder.At("file/out")));
        Assert.StartsWith($"{folder.At("file/out")}: cannot be written: ", e.Message);
        Assert.Equal([1], File.ReadAllBytes(Assert.Single(Directory.GetFileSystemEntries(folder.Root))));
    }

    private static LlamaLayerShape[] Shapes(int[] pairs) => [.. pairs.Chunk(2).Select(p => new LlamaLayerShape(p[0], p[1]))];

    // By its definition: of the two neighbours with 8 significant bits the nearer, the even one half-way.
    private static float RoundToBFloat16(float value)
    {
        var unit = Math.ScaleB(1.0, Math.ILogB(value) - 7);
        return (float)(Math.Round(value / unit, MidpointRounding.ToEven) * unit);
    }

    // Where a real disk would run full: between two tensors, with some shards already written.
    private sealed class FullDisk : WeightTensor
    {
        public override string Name => "model.norm.weight";

        public override int Rows => 1;

        public override int Columns => 12;

        public override void ReadRow(int row, Span<float> destination) => throw new IOException("No space left on device");
    }
}
