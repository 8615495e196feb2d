using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Testing;

/// <summary>Networks of any shape with seeded weights, scaled so that activations stay of order one.</summary>
public static class RandomCheckpoint
{
    /// <summary>A configuration with equal layers.</summary>
    public static LlamaConfiguration Configuration(
        int layers, int hidden, int headSize, int kvHeads, int queryHeadsPerKvHead, int intermediate, int vocabulary, int maximumPositions = 128, bool tied = true) =>
        new()
        {
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            HeadSize = headSize,
            QueryHeadsPerKvHead = queryHeadsPerKvHead,
            Layers = [.. Enumerable.Repeat(new LlamaLayerShape(kvHeads, intermediate), layers)],
            MaximumPositions = maximumPositions,
            NormEpsilon = 1e-5f,
            RopeTheta = 10000,
            TiedEmbeddings = tied,
        };

    /// <summary>Weights for a configuration.</summary>
    public static InMemoryCheckpoint Make(LlamaConfiguration configuration, int seed)
    {
        var random = new Random(seed);
        var hidden = configuration.HiddenSize;
        var embedding = Matrix("model.embed_tokens.weight", configuration.VocabularySize, hidden, 1);
        var head = configuration.TiedEmbeddings ? embedding : Matrix("lm_head.weight", configuration.VocabularySize, hidden, 1);
        var norm = Gain("model.norm.weight");
        var layers = configuration.Layers.Select(Layer).ToImmutableArray();
        return new InMemoryCheckpoint(configuration, $"random-{seed}", embedding, norm, head, layers);

        LlamaLayerWeights Layer(LlamaLayerShape shape, int index)
        {
            var prefix = $"model.layers.{index}.";
            var keyRows = shape.KvHeadCount * configuration.HeadChannels(shape);
            var queryRows = keyRows * configuration.QueryHeadsPerKvHead;
            var biases = configuration.HasOutputBiases;
            return new LlamaLayerWeights(
                Gain(prefix + "input_layernorm.weight"),
                Matrix(prefix + "self_attn.q_proj.weight", queryRows, hidden, 2),
                Matrix(prefix + "self_attn.k_proj.weight", keyRows, hidden, 2),
                Matrix(prefix + "self_attn.v_proj.weight", keyRows, hidden, 2),
                Matrix(prefix + "self_attn.o_proj.weight", hidden, queryRows, 1),
                Gain(prefix + "post_attention_layernorm.weight"),
                Matrix(prefix + "mlp.gate_proj.weight", shape.IntermediateSize, hidden, 2),
                Matrix(prefix + "mlp.up_proj.weight", shape.IntermediateSize, hidden, 2),
                Matrix(prefix + "mlp.down_proj.weight", hidden, shape.IntermediateSize, 1),
                biases && shape.KvHeadCount > 0 ? Bias(prefix + "self_attn.o_proj.bias") : null,
                biases && shape.IntermediateSize > 0 ? Bias(prefix + "mlp.down_proj.bias") : null);
        }

        InMemoryTensor Matrix(string name, int rows, int columns, double gain)
        {
            var scale = gain * Math.Sqrt(3.0 / Math.Max(columns, 1));
            return new InMemoryTensor(name, rows, columns, Values(rows * columns, 0, scale));
        }

        InMemoryTensor Gain(string name) => new(name, 1, hidden, Values(hidden, 1, 0.3));

        InMemoryTensor Bias(string name) => new(name, 1, hidden, Values(hidden, 0, 0.5));

        float[] Values(int count, double middle, double spread)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
            {
                values[i] = (float)(middle + (spread * ((2 * random.NextDouble()) - 1)));
            }

            return values;
        }
    }

    /// <summary>A sub-network drawn at random: any layers, and in each leading or scattered groups, channels and head pairs, sometimes none.</summary>
    public static Architecture Architecture(LlamaConfiguration configuration, Random random)
    {
        var layers = ImmutableArray.CreateBuilder<LayerArchitecture>();
        for (var i = 0; i < configuration.Layers.Length; i++)
        {
            if (random.Next(4) > 0)
            {
                var shape = configuration.Layers[i];
                var pairs = Selection(configuration.HeadChannels(shape) / 2, random);
                layers.Add(configuration.Canonical(new LayerArchitecture(
                    i, Selection(shape.KvHeadCount, random), Selection(shape.IntermediateSize, random), pairs.Count > 0 ? pairs : null)));
            }
        }

        return new Architecture(layers.ToImmutable());
    }

    private static ChannelSelection Selection(int available, Random random) => random.Next(4) switch
    {
        0 => ChannelSelection.Leading(available),
        1 => ChannelSelection.Set([.. Enumerable.Range(0, available).Where(_ => random.Next(2) == 0)]),
        _ => ChannelSelection.Leading(random.Next(available + 1)),
    };
}
