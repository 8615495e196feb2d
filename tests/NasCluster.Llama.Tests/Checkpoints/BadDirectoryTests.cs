using System.Text;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Checkpoints;

/// <summary>What <see cref="LlamaCheckpoints.Open"/> says about directories whose parts do not fit together.</summary>
public sealed class BadDirectoryTests : IDisposable
{
    private const string Up = "model.layers.1.mlp.up_proj.weight";
    private readonly TemporaryDirectory _folder = new();

    private string Model => _folder.At("model");

    private string Weights => Path.Combine(Model, "model.safetensors");

    private string Index => Path.Combine(Model, "model.safetensors.index.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NoSuchPath_SaysWhatAModelIs() => AssertRefused(Model, "no such file or directory; a model is a llama2.c .bin file or a Hugging Face directory");

    [Fact]
    public void Open_SafetensorsFile_AsksForTheDirectory()
    {
        Write();
        var e = Assert.Throws<NasClusterException>(() => LlamaCheckpoints.Open(Weights));
        Assert.Equal($"{Weights}: a safetensors file does not say what network it is; give the directory with its config.json.", e.Message);
    }

    [Fact]
    public void Open_NoConfig_IsRefused()
    {
        Write();
        File.Delete(Path.Combine(Model, "config.json"));
        AssertRefused(Model, "no config.json inside");
    }

    [Fact]
    public void Open_EmptyConfig_IsRefused()
    {
        Write();
        File.WriteAllText(Path.Combine(Model, "config.json"), "");
        AssertRefused(Path.Combine(Model, "config.json"), "the file is empty");
    }

    [Fact]
    public void Open_NoWeights_IsRefused()
    {
        Write();
        File.Delete(Weights);
        File.WriteAllText(Path.Combine(Model, "pytorch_model.bin"), "pickle");
        AssertRefused(Model, "neither model.safetensors nor model.safetensors.index.json inside");
    }

    [Theory]
    [InlineData(-1, "truncated or its header wrong")]
    [InlineData(1, "1 bytes lie behind the last tensor")]
    public void Open_FileCutOrGrown_IsRefused(int change, string message)
    {
        Write();
        using (var stream = File.OpenWrite(Weights))
        {
            stream.SetLength(stream.Length + change);
        }

        AssertRefused(Weights, message);
    }

    [Fact]
    public void Open_MissingTensor_NamesIt()
    {
        Write();
        Rename(Up, "model.layers.0.rotary_emb.inv_freq");
        AssertRefused(Model, $"tensor {Up} is missing, which config.json asks for with [10, 12]");
    }

    [Fact]
    public void Open_UnneededTensor_NamesIt()
    {
        Write();
        RawSafetensors.Append(Weights, "model.layers.0.self_attn.q_proj.bias", "F32", 4, 12);
        AssertRefused(Weights, "tensor \"model.layers.0.self_attn.q_proj.bias\" is not part of the network that");
    }

    [Theory]
    [InlineData("self_attn.q_proj", 3, "is 0.5 at place 3")]
    [InlineData("self_attn.k_proj", 5, "is 0.5 at place 5")]
    [InlineData("self_attn.v_proj", 0, "is 0.5 at place 0")]
    [InlineData("mlp.gate_proj", 9, "is 0.5 at place 9")]
    [InlineData("mlp.up_proj", 1, "is 0.5 at place 1")]
    public void Open_BiasThatIsNotComputed_NamesIt(string projection, int place, string message)
    {
        Write(biases: true);
        LlamaCheckpoints.Open(Model).Dispose();
        Damage(WeightType.Float32, $"model.layers.1.{projection}.bias", place, 0.5f);
        AssertRefused(Weights, $"tensor model.layers.1.{projection}.bias {message}; it must be zeros, since biases are supported of o_proj and down_proj only");
    }

    [Fact]
    public void Open_BiasNotFinite_NamesIt()
    {
        Write(biases: true);
        Damage(WeightType.Float32, "model.layers.0.mlp.down_proj.bias", 4, float.NaN);
        AssertRefused(Model, "model.layers.0.mlp.down_proj.bias is NaN at row 0, column 4; weights must be finite");
    }

    [Theory]
    [InlineData("model.layers.0.self_attn.o_proj.bias", "[12]")]
    [InlineData("model.layers.0.mlp.gate_proj.bias", "[10]")]
    public void Open_MissingBias_NamesIt(string name, string shape)
    {
        Write(biases: true);
        Rename(name, "model.layers.0.rotary_emb.inv_freq");
        AssertRefused(Model, $"tensor {name} is missing, which config.json asks for with {shape}");
    }

    [Fact]
    public void Open_RotaryFrequencies_AreIgnored()
    {
        Write();
        RawSafetensors.Append(Weights, "model.layers.0.self_attn.rotary_emb.inv_freq", "F64", 8, 3);
        LlamaCheckpoints.Open(Model).Dispose();
    }

    [Theory]
    [InlineData("[12, 10]")]
    [InlineData("[120]")]
    [InlineData("[1, 10, 12]")]
    public void Open_MisshapenTensor_GivesBothShapes(string shape)
    {
        Write();
        RawSafetensors.EditHeader(Weights, h => h[Up]!["shape"] = JsonNode.Parse(shape));
        AssertRefused(Weights, $"tensor {Up} is {shape}, but config.json asks for [10, 12]");
    }

    [Fact]
    public void Open_MatrixForVector_GivesBothShapes()
    {
        Write();
        RawSafetensors.EditHeader(Weights, h => h["model.norm.weight"]!["shape"] = JsonNode.Parse("[1,12]"));
        AssertRefused(Weights, "tensor model.norm.weight is [1, 12], but config.json asks for [12]");
    }

    [Fact]
    public void Open_IntegerWeights_NamesTheType()
    {
        Write();
        RawSafetensors.EditHeader(Weights, h => h[Up]!["dtype"] = "I32");
        AssertRefused(Weights, $"tensor {Up} has dtype I32; weights must be F32, F16 or BF16");
    }

    [Theory]
    [InlineData("num_hidden_layers", 3, "tensor model.layers.2.input_layernorm.weight is missing")]
    [InlineData("num_hidden_layers", 1, "tensor \"model.layers.1.input_layernorm.weight\" is not part of the network")]
    [InlineData("intermediate_size", 8, "tensor model.layers.0.mlp.gate_proj.weight is [10, 12], but config.json asks for [8, 12]")]
    [InlineData("vocab_size", 12, "tensor model.embed_tokens.weight is [11, 12], but config.json asks for [12, 12]")]
    [InlineData("num_key_value_heads", 2, "tensor model.layers.0.self_attn.k_proj.weight is [6, 12], but config.json asks for [12, 12]")]
    public void Open_ConfigContradictsTensors_NamesBoth(string key, int value, string message)
    {
        Write();
        EditConfig(c => c[key] = value);
        AssertRefused(Model, message);
    }

    [Theory]
    [InlineData(WeightType.Float32, float.NaN, "NaN")]
    [InlineData(WeightType.Float32, float.NegativeInfinity, "-Infinity")]
    [InlineData(WeightType.Float16, float.NaN, "NaN")]
    [InlineData(WeightType.Float16, float.PositiveInfinity, "Infinity")]
    [InlineData(WeightType.BFloat16, float.NaN, "NaN")]
    [InlineData(WeightType.BFloat16, float.PositiveInfinity, "Infinity")]
    public void Open_WeightNotFinite_NamesTensorRowAndColumn(WeightType type, float value, string shown)
    {
        Write(type);
        Damage(type, Up, (3 * 12) + 11, value);
        AssertRefused(Model, $"{Up} is {shown} at row 3, column 11; weights must be finite");
    }

    [Fact]
    public void Open_NanInLlama2cFile_NamesTensorInHuggingFaceOrder()
    {
        var network = SmallNetworks.Random(SmallNetworks.Configuration(tied: true));
        ((InMemoryTensor)network.Layers[0].QProj).Values[(4 * 12) + 2] = float.NaN;
        var path = _folder.Write("model.bin", SmallNetworks.Llama2cFile(network));
        AssertRefused(path, "model.layers.0.self_attn.q_proj.weight is NaN at row 4, column 2", path);
    }

    [Fact]
    public void Open_TiedNetworkWithEqualHead_IsAccepted()
    {
        Write(tied: false, headEqualsEmbedding: true);
        EditConfig(c => c["tie_word_embeddings"] = true);
        using var checkpoint = LlamaCheckpoints.Open(Model);
        Assert.Same(checkpoint.EmbedTokens, checkpoint.LmHead);
    }

    [Fact]
    public void Open_TiedNetworkWithOtherHead_IsRefused()
    {
        Write();
        EditConfig(c => c["tie_word_embeddings"] = true);
        AssertRefused(Weights, "tensor lm_head.weight differs from model.embed_tokens.weight in row 0, but tie_word_embeddings in config.json is true");
    }

    [Fact]
    public void Open_UntiedNetworkWithoutHead_IsRefused()
    {
        Write(tied: true);
        EditConfig(c => c["tie_word_embeddings"] = false);
        AssertRefused(Model, "tensor lm_head.weight is missing");
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../../x.safetensors"}}""", "weight_map.a is \"../../x.safetensors\"; it must be the name of a .safetensors file in the same directory")]
    [InlineData("""{"weight_map":{"a":"pytorch_model.bin"}}""", "weight_map.a is \"pytorch_model.bin\"")]
    [InlineData("""{"weight_map":{"a":1}}""", "weight_map.a is 1; it must be a string")]
    [InlineData("""{"weight_map":{"a":null}}""", "weight_map.a is missing")]
    [InlineData("""{"weight_map":{}}""", "weight_map is empty")]
    [InlineData("{}", "weight_map is missing")]
    [InlineData("""{"weight_map":{"a":"b.safetensors","a":"c.safetensors"}}""", "not valid JSON")]
    public void Open_BadIndex_NamesIt(string json, string message)
    {
        Write(shards: true);
        File.WriteAllText(Index, json);
        AssertRefused(Index, message);
    }

    [Fact]
    public void Open_MissingShard_NamesIt()
    {
        Write(shards: true);
        var shard = Directory.GetFiles(Model, "*.safetensors").Order(StringComparer.Ordinal).First();
        File.Delete(shard);
        AssertRefused(shard, "cannot be read");
    }

    [Fact]
    public void Open_IndexNamesTheWrongShard_IsRefused()
    {
        Write(shards: true);
        EditIndex(map => map[Up] = map["model.embed_tokens.weight"]!.GetValue<string>());
        AssertRefused(Index, $"tensor \"{Up}\" should be in model-00001-of-");
    }

    [Fact]
    public void Open_TensorNotInIndex_IsRefused()
    {
        Write(shards: true);
        EditIndex(map => map.Remove("model.layers.0.self_attn.q_proj.weight"));
        AssertRefused(Model, "tensor \"model.layers.0.self_attn.q_proj.weight\" is not listed in model.safetensors.index.json");
    }

    [Fact]
    public void Open_SameTensorInTwoShards_IsRefused()
    {
        Write(shards: true);
        var shards = Directory.GetFiles(Model, "*.safetensors").Order(StringComparer.Ordinal).ToArray();
        RawSafetensors.Append(shards[1], "model.embed_tokens.weight", "F32", 4, 11, 12);
        AssertRefused(shards[1], "tensor \"model.embed_tokens.weight\" is also in model-00001-of-");
    }

    [Fact]
    public void ReadRow_AfterDispose_ThrowsInsteadOfReadingUnmappedMemory()
    {
        Write();
        var checkpoint = LlamaCheckpoints.Open(Model);
        var row = new float[12];
        checkpoint.EmbedTokens.ReadRow(10, row);
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.EmbedTokens.ReadRow(11, row));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.EmbedTokens.ReadRow(-1, row));
        checkpoint.Dispose();
        checkpoint.Dispose();
        Assert.Throws<ObjectDisposedException>(() => checkpoint.EmbedTokens.ReadRow(0, row));
    }

    private void Write(WeightType type = WeightType.Float32, bool tied = false, bool shards = false, bool headEqualsEmbedding = false, bool biases = false)
    {
        var network = SmallNetworks.Random(SmallNetworks.Configuration(tied) with { HasOutputBiases = biases });
        if (headEqualsEmbedding)
        {
            ((InMemoryTensor)network.EmbedTokens).Values.CopyTo(((InMemoryTensor)network.LmHead).Values, 0);
        }

        HuggingFaceDirectory.Write(network, Model, type, shards ? 1500 : long.MaxValue);
    }

    private void Damage(WeightType type, string tensor, int element, float value)
    {
        var bytes = File.ReadAllBytes(Weights);
        var size = type == WeightType.Float32 ? 4 : 2;
        var stored = type switch
        {
            WeightType.Float32 => BitConverter.GetBytes(value),
            WeightType.Float16 => BitConverter.GetBytes((Half)value),
            _ => BitConverter.GetBytes(value)[2..],
        };
        stored.CopyTo(bytes, RawSafetensors.OffsetOf(Weights, tensor) + (element * size));
        File.WriteAllBytes(Weights, bytes);
    }

    private void Rename(string from, string to) => RawSafetensors.EditHeader(Weights, h =>
    {
        var entry = h[from]!.DeepClone();
        h.Remove(from);
        h[to] = entry;
    });

    private void EditConfig(Action<JsonObject> edit) => Edit(Path.Combine(Model, "config.json"), edit);

    private void EditIndex(Action<JsonObject> edit) => Edit(Index, root => edit(root["weight_map"]!.AsObject()));

    private static void Edit(string path, Action<JsonObject> edit)
    {
        var root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(root);
        File.WriteAllText(path, root.ToJsonString(), new UTF8Encoding(false));
    }

    private void AssertRefused(string file, string message, string? open = null)
    {
        var e = Assert.Throws<NasClusterException>(() => LlamaCheckpoints.Open(open ?? Model));
        Assert.StartsWith(file, e.Message);
        Assert.Contains(message, e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }
}
