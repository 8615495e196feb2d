using System.Text;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Checkpoints;

public class HuggingFaceConfigTests(ITestOutputHelper output)
{
    private const string Plain = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":32000,"hidden_size":4096,"intermediate_size":11008,
         "num_hidden_layers":3,"num_attention_heads":32,"hidden_act":"silu","max_position_embeddings":4096,"rms_norm_eps":1e-05,
         "rope_scaling":null,"pretraining_tp":1,"use_cache":true,"torch_dtype":"float16"}
        """;

    private const string Unequal = """
        {"architectures":["DeciLMForCausalLM"],"model_type":"nemotron-nas","vocab_size":100,"hidden_size":768,"intermediate_size":null,
         "num_hidden_layers":2,"num_attention_heads":8,"num_key_value_heads":null,"hidden_act":"silu","head_dim":96,
         "block_configs":[{"attention":{"n_heads_in_group":4,"no_op":false,"replace_with_linear":false,"sparsify":null},"ffn":{"ffn_mult":1.3,"no_op":false}},
                          {"attention":{"n_heads_in_group":null,"no_op":true},"ffn":{"no_op":false,"intermediate_size":7}}]}
        """;

    [Fact]
    public void Parse_PublishedLlama2_FillsInDefaults()
    {
        var c = Parse(Plain);
        Assert.Equal((32000, 4096, 128, 1, 4096, 1e-5f, 10_000.0, false),
            (c.VocabularySize, c.HiddenSize, c.HeadSize, c.QueryHeadsPerKvHead, c.MaximumPositions, c.NormEpsilon, c.RopeTheta, c.TiedEmbeddings));
        Assert.Equal(Enumerable.Repeat(new LlamaLayerShape(32, 11008), 3), c.Layers);
    }

    [Fact]
    public void Parse_EverySetting_IsTaken()
    {
        var c = Parse(Edit("""{"num_key_value_heads":8,"head_dim":64,"rms_norm_eps":1e-6,"rope_theta":500000.0,"tie_word_embeddings":true,"rope_scaling":{"rope_type":"default"}}"""));
        Assert.Equal((64, 4, 1e-6f, 500_000.0, true), (c.HeadSize, c.QueryHeadsPerKvHead, c.NormEpsilon, c.RopeTheta, c.TiedEmbeddings));
        Assert.Null(c.RopeScaling);
        Assert.Equal(7.5, Parse(Edit("""{"rope_parameters":{"rope_type":"default","rope_theta":7.5}}""")).RopeTheta);
    }

    [Theory]
    [InlineData("rope_scaling", "")]
    [InlineData("rope_parameters", """ "rope_theta":500000.0, """)]
    public void Parse_FrequenciesOfLlama31_AreSlowed(string key, string more)
    {
        var c = Parse(Edit(
            $$"""{"{{key}}":{ {{more}} "factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},"rope_theta":500000.0}"""));

        Assert.Equal(new RopeScaling(8, 1, 4, 8192), c.RopeScaling);

        // Heads of 128 channels: pair 28 turns 4.18 times in 8,192 positions, pair 35 0.9965 times, and pair 32, of frequency 500,000^(-1/2), lies between.
        Assert.Equal(Math.Pow(500_000, -28 / 64.0), c.RotaryFrequency(28), 15);
        Assert.Equal(Math.Pow(500_000, -35 / 64.0) / 8, c.RotaryFrequency(35), 15);
        var turns = 8192 / (2 * Math.PI * Math.Sqrt(500_000));
        Assert.Equal((1 / 8.0 * (4 - turns) / 3 / Math.Sqrt(500_000)) + ((turns - 1) / 3 / Math.Sqrt(500_000)), c.RotaryFrequency(32), 15);
    }

    [Fact]
    public void Parse_PublishedBlockConfigs_AppliesTheirRules()
    {
        var c = Parse(Unequal);
        Assert.Equal(4, c.QueryHeadsPerKvHead);

        // int(2 * 1.3 * 768 / 3) = 665, rounded up to 768.
        Assert.Equal([new LlamaLayerShape(2, 768), new LlamaLayerShape(0, 7)], c.Layers.ToArray());
    }

    [Fact]
    public void Parse_BiasesAndHeadPairs_AreTaken()
    {
        Assert.True(Parse(Edit("""{"attention_bias":true,"mlp_bias":true}""")).HasOutputBiases);
        Assert.False(Parse(Edit("""{"attention_bias":false,"mlp_bias":false}""")).HasOutputBiases);
        var c = Parse(Edit(
            """{"block_configs":[{"attention":{"n_heads_in_group":4,"head_pairs":[0,2,47]},"ffn":{"no_op":true}},{"attention":{"n_heads_in_group":4,"head_pairs":null},"ffn":{"no_op":true}}]}""",
            Unequal));
        Assert.Equal([new LlamaLayerShape(2, 0, ChannelSelection.Set([0, 2, 47])), new LlamaLayerShape(2, 0)], c.Layers.ToArray());
        Assert.Equal((96, 6), (c.HeadSize, c.HeadChannels(c.Layers[0])));
    }

    [Theory]
    [InlineData("[]", "block_configs[0].attention.head_pairs is []; it must have an entry")]
    [InlineData("3", "block_configs[0].attention.head_pairs is 3; it must be an array of at most 47 entries")]
    [InlineData("[0,0]", "entry 1 must be an integer above the one before it and below half of head_dim, 48")]
    [InlineData("[1,0]", "entry 1 must be")]
    [InlineData("[-1]", "entry 0 must be")]
    [InlineData("[48]", "entry 0 must be")]
    [InlineData("[0,1.5]", "entry 1 must be")]
    [InlineData("[0,\"1\"]", "entry 1 must be")]
    [InlineData("[99999999999]", "entry 0 must be")]
    [InlineData("[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47]", "at most 47 entries")]
    public void Parse_BadHeadPairs_NamesLayerAndRule(string pairs, string message) => AssertRefused(
        Edit($$$"""{"block_configs":[{"attention":{"head_pairs":{{{pairs}}},"n_heads_in_group":4},"ffn":{"no_op":true}},{}]}""", Unequal),
        message);

    [Theory]
    [InlineData("""{"model_type":"mistral"}""", "model_type is \"mistral\"")]
    [InlineData("""{"model_type":null}""", "model_type is missing")]
    [InlineData("""{"architectures":["MistralForCausalLM"]}""", "architectures is [\"MistralForCausalLM\"]")]
    [InlineData("""{"architectures":["LlamaForSequenceClassification"]}""", "architectures")]
    [InlineData("""{"hidden_act":"gelu"}""", "hidden_act is \"gelu\"; only \"silu\" is supported")]
    [InlineData("""{"attention_bias":true}""", "attention_bias is true; only the same as mlp_bias is supported")]
    [InlineData("""{"attention_bias":false,"mlp_bias":true}""", "attention_bias is false; only the same as mlp_bias is supported")]
    [InlineData("""{"attention_bias":1,"mlp_bias":1}""", "attention_bias is 1; it must be true or false")]
    [InlineData("""{"bias":true}""", "bias is true; only false is supported")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":2.0}}""", "rope_scaling is {\"type\":\"linear\",\"factor\":2.0}; only null or the type \"default\" or \"llama3\" is supported")]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":8.0}}""", "rope_scaling.low_freq_factor is missing")]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":0.5,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192}}""", "rope_scaling.factor is 0.5; it must be at least 1")]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4,"original_max_position_embeddings":8192}}""", "rope_scaling.low_freq_factor is 4; it must be less than high_freq_factor (4)")]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}}""", "rope_scaling.original_max_position_embeddings is missing")]
    [InlineData("""{"rope_scaling":{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192},"rope_parameters":{"rope_theta":5}}""", "rope_parameters says otherwise")]
    [InlineData("""{"rope_scaling":{"factor":8.0}}""", "rope_scaling")]
    [InlineData("""{"rope_scaling":7}""", "rope_scaling is a JSON Number; it must be an object")]
    [InlineData("""{"rope_parameters":{"rope_type":"yarn"}}""", "rope_parameters")]
    [InlineData("""{"rope_theta":5,"rope_parameters":{"rope_theta":6}}""", "rope_theta is 5; rope_parameters.rope_theta says 6")]
    [InlineData("""{"partial_rotary_factor":0.5}""", "partial_rotary_factor is 0.5")]
    [InlineData("""{"rope_parameters":{"partial_rotary_factor":0.5}}""", "rope_parameters.partial_rotary_factor is 0.5")]
    [InlineData("""{"sliding_window":4096}""", "sliding_window is 4096")]
    [InlineData("""{"layer_types":["full_attention","sliding_attention","full_attention"]}""", "layer_types")]
    [InlineData("""{"quantization_config":{"bits":4}}""", "quantization_config is {\"bits\":4}; only null is supported")]
    [InlineData("""{"num_local_experts":8}""", "num_local_experts")]
    [InlineData("""{"vocab_size":null}""", "vocab_size is missing")]
    [InlineData("""{"vocab_size":0}""", "vocab_size is 0; it must be an integer in [1, 16777216]")]
    [InlineData("""{"hidden_size":"4096"}""", "hidden_size is \"4096\"; it must be an integer")]
    [InlineData("""{"hidden_size":4096.5}""", "hidden_size is 4096.5")]
    [InlineData("""{"hidden_size":99999999999}""", "hidden_size is 99999999999")]
    [InlineData("""{"hidden_size":4097}""", "num_attention_heads is 32; without head_dim it must divide hidden_size (4097)")]
    [InlineData("""{"num_hidden_layers":1000000}""", "num_hidden_layers is 1000000; it must be an integer in [1, 4096]")]
    [InlineData("""{"num_key_value_heads":5}""", "num_key_value_heads is 5; it must divide num_attention_heads (32)")]
    [InlineData("""{"head_dim":127}""", "head_dim is 127; a head of 127 channels has no rotary pairs")]
    [InlineData("""{"head_dim":16777216}""", "head_dim is 16777216; with 32 attention heads that is 536870912 channels")]
    [InlineData("""{"rms_norm_eps":-1}""", "rms_norm_eps is -1; it must be a number in (0, 1]")]
    [InlineData("""{"rope_theta":1e999}""", "rope_theta is 1e999")]
    [InlineData("""{"tie_word_embeddings":"yes"}""", "tie_word_embeddings is \"yes\"; it must be true or false")]
    [InlineData("""{"block_configs":[]}""", "model_type is \"llama\" with block_configs")]
    public void Parse_Unsupported_NamesFileKeyAndRule(string change, string message) => AssertRefused(Edit(change), message);

    [Theory]
    [InlineData("""{"block_configs":null}""", "model_type is \"nemotron-nas\" without block_configs")]
    [InlineData("""{"block_configs":[]}""", "block_configs has 0 entries, but num_hidden_layers is 2")]
    [InlineData("""{"block_configs":[7,8]}""", "block_configs[0] is a JSON Number; it must be an object")]
    [InlineData("""{"block_configs":[{},{}]}""", "block_configs[0].attention is missing")]
    [InlineData("""{"block_configs":[{"attention":{"no_op":true}},{}]}""", "block_configs[0].ffn is missing")]
    [InlineData("""{"block_configs":[{"attention":{"replace_with_linear":true},"ffn":{}},{}]}""", "block_configs[0].attention.replace_with_linear is true")]
    [InlineData("""{"block_configs":[{"attention":{"window_length":5},"ffn":{}},{}]}""", "block_configs[0].attention.window_length is 5")]
    [InlineData("""{"block_configs":[{"attention":{"n_heads_in_group":3},"ffn":{}},{}]}""", "block_configs[0].attention.n_heads_in_group is 3; it must divide num_attention_heads (8)")]
    [InlineData("""{"block_configs":[{"attention":{"n_heads_in_group":3,"num_key_value_heads":3},"ffn":{}},{}]}""", "num_key_value_heads is 3; with 3 query heads each they exceed")]
    [InlineData("""{"block_configs":[{"attention":{"no_op":true},"ffn":{}},{}]}""", "block_configs[0].ffn.intermediate_size is missing")]
    [InlineData("""{"block_configs":[{"attention":{"no_op":true},"ffn":{"intermediate_size":5,"moe":{}}},{}]}""", "block_configs[0].ffn.moe is {}")]
    [InlineData("""{"block_configs":[{"attention":{"no_op":true},"ffn":{"intermediate_size":5,"gated":false}},{}]}""", "block_configs[0].ffn.gated is false")]
    [InlineData("""{"block_configs":[{"attention":{"n_heads_in_group":2},"ffn":{"no_op":true}},{"attention":{"n_heads_in_group":4},"ffn":{"no_op":true}}]}""", "block_configs[1].attention has 4 query heads per KV head, an earlier layer 2")]
    public void Parse_BadBlock_NamesLayerAndRule(string change, string message) => AssertRefused(Edit(change, Unequal), message);

    [Theory]
    [InlineData("""{"model_type":"llama","model_type":"llama"}""", "model_type")]
    [InlineData("""{"rope_scaling":{"a":1,"a":2}}""", "not valid JSON")]
    [InlineData("[]", "the file is a JSON Array; it must be an object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("""{"model_type":"\ud800"}""", "not valid JSON")]
    public void Parse_BadJson_NamesFile(string json, string message) => AssertRefused(json, message);

    [Fact]
    public void Parse_MutatedFiles_AcceptsOrRefuses()
    {
        var masked = SmallNetworks.Configuration(false, new(2, 10, ChannelSelection.Set([0, 2])), new(1, 7, ChannelSelection.Leading(1))) with { HasOutputBiases = true };
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes(Plain), Encoding.UTF8.GetBytes(Unequal), HuggingFaceDirectory.Config(SmallNetworks.Configuration(), WeightType.Float32),
            HuggingFaceDirectory.Config(masked, WeightType.Float32),
        ];
        var words = new[] { "\"rope_scaling\":{", "\"block_configs\":[", "\"head_dim\":0,", "\"sliding_window\":1,", "\"attention\":", "\\ud800", "null", "1e999", "\"ffn_mult\":1e300,", "\"head_pairs\":[" };
        output.WriteLine(Fuzzer.Run(seeds, b => HuggingFaceConfig.Parse(b, "config.json"), new FuzzOptions { Words = words }).ToString());
    }

    private static void AssertRefused(string json, string message)
    {
        var e = Assert.Throws<NasClusterException>(() => Parse(json));
        Assert.StartsWith("dir/config.json: ", e.Message);
        Assert.Contains(message, e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static LlamaConfiguration Parse(string json) => HuggingFaceConfig.Parse(Encoding.UTF8.GetBytes(json), "dir/config.json");

    // Text, not nodes, so that numbers stay as they are written.
    private static string Edit(string change, string original = Plain)
    {
        var merged = JsonNode.Parse(original)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(change)!.AsObject())
        {
            merged[key] = value?.DeepClone();
        }

        return merged.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
