using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests;

/// <summary>Published networks from their own <c>config.json</c>, on torch's device without memory, against lists of their files' tensors.</summary>
[NeedsTorch]
public sealed class PublishedShapesTests
{
    private static readonly (string Name, long Parameters, string Config)[] Networks =
    [
        ("llama-2-7b", 6_738_415_616, """
            {"architectures":["LlamaForCausalLM"],"hidden_act":"silu","hidden_size":4096,"intermediate_size":11008,"max_position_embeddings":4096,"model_type":"llama",
             "num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":32,"rms_norm_eps":1e-05,"rope_scaling":null,"tie_word_embeddings":false,"vocab_size":32000}
            """),
        ("llama-3-8b", 8_030_261_248, """
            {"architectures":["LlamaForCausalLM"],"attention_bias":false,"hidden_act":"silu","hidden_size":4096,"intermediate_size":14336,"max_position_embeddings":8192,
             "model_type":"llama","num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_scaling":null,"rope_theta":500000.0,
             "tie_word_embeddings":false,"vocab_size":128256}
            """),
        ("tinyllama-1.1b", 1_100_048_384, """
            {"architectures":["LlamaForCausalLM"],"hidden_act":"silu","hidden_size":2048,"intermediate_size":5632,"max_position_embeddings":2048,"model_type":"llama",
             "num_attention_heads":32,"num_hidden_layers":22,"num_key_value_heads":4,"rms_norm_eps":1e-05,"rope_scaling":null,"tie_word_embeddings":false,"vocab_size":32000}
            """),
    ];

    [ContractFact]
    public void Weights_OfPublishedNetworks_HaveTheNamesAndShapesOfTheirFiles()
    {
        foreach (var (name, parameters, config) in Networks)
        {
            using var weights = new TorchWeights(HuggingFaceConfig.Parse(System.Text.Encoding.UTF8.GetBytes(config), name), ScalarType.BFloat16, META);

            var golden = File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot, "tests", "NasCluster.Torch.Tests", "Golden", $"{name}.txt"));
            Assert.Equal(golden, weights.Named.Select(t => $"{t.Key} {string.Join(' ', t.Value.shape)}"));
            Assert.Equal(parameters, weights.Named.Values.Sum(t => t.numel()));
        }
    }

    /// <summary>Every matrix product of the whole network and of a part of it fits: shapes are computed, values are not. This device can neither gather nor fuse.</summary>
    [ContractFact]
    public void Forward_OfPublishedNetworks_EndsInAVocabularyOfLogits()
    {
        foreach (var (name, _, config) in Networks)
        {
            var configuration = HuggingFaceConfig.Parse(System.Text.Encoding.UTF8.GetBytes(config), name);
            using var scope = NewDisposeScope();
            using var weights = new TorchWeights(configuration, ScalarType.BFloat16, META);
            using var turns = new RotaryTurns(configuration, 64, META);
            var forward = new TorchForward(configuration, weights, turns, TorchAttention.Plain);
            foreach (var architecture in new[] { configuration.FullArchitecture, Part(configuration) })
            {
                var hidden = zeros([3, 50, configuration.HiddenSize], ScalarType.BFloat16, META);
                Assert.All(architecture.Layers, layer => hidden = forward.Layer(hidden, layer));
                Assert.Equal([150, configuration.VocabularySize], forward.Logits(hidden.view(150, configuration.HiddenSize)).shape);
            }
        }
    }

    private static Architecture Part(LlamaConfiguration configuration) => new(
    [
        .. Enumerable.Range(0, configuration.Layers.Length).Where(i => i % 3 != 1).Select(i => new LayerArchitecture(
            i,
            ChannelSelection.Leading(i % 4 == 0 ? 0 : configuration.Layers[i].KvHeadCount / 2),
            ChannelSelection.Leading(i % 5 == 0 ? 0 : configuration.Layers[i].IntermediateSize / 4))),
    ]);
}
