using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Reads config.json of LlamaForCausalLM, and of the layout with one entry per layer (<c>block_configs</c>).</summary>
/// <remarks>
/// Defaults are those of Hugging Face's LlamaConfig, except that sizes must be given. A setting that changes what the network computes
/// in a way we do not follow is refused: a wrong perplexity looks just like a right one.
/// </remarks>
internal static class HuggingFaceConfig
{
    public const string PlainType = "llama";
    public const string PlainArchitecture = "LlamaForCausalLM";
    public const string UnequalType = "nemotron-nas";
    public const string UnequalArchitecture = "DeciLMForCausalLM";
    internal const int MostLayers = 4096;
    internal const int LargestSize = 1 << 24;

    /// <param name="json">The whole file.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="NasClusterException">Malformed, contradictory or unsupported.</exception>
    public static LlamaConfiguration Parse(ReadOnlyMemory<byte> json, string file)
    {
        using var document = JsonFields.Parse(json, file);
        var fields = JsonFields.Of(document, file);
        var unequal = CheckKind(fields, file);
        CheckComputation(fields);
        var hidden = fields.RequiredInteger("hidden_size", 1, LargestSize);
        var heads = fields.RequiredInteger("num_attention_heads", 1, LargestSize);
        var layerCount = fields.RequiredInteger("num_hidden_layers", 1, MostLayers);
        var headSize = HeadSize(fields, hidden, heads);
        var (layers, group) = unequal
            ? BlockConfigs.Read(fields, file, layerCount, hidden, heads, headSize)
            : Plain(fields, layerCount, heads);
        var widest = layers.Max(l => (long)l.KvHeadCount) * group * headSize;
        return widest > LargestSize
            ? throw fields.Wrong(
                "head_dim",
                $"with {heads} attention heads that is {widest} channels, and at most {LargestSize} are supported")
            : new LlamaConfiguration
            {
                VocabularySize = fields.RequiredInteger("vocab_size", 1, LargestSize),
                HiddenSize = hidden,
                HeadSize = headSize,
                QueryHeadsPerKvHead = group,
                Layers = layers,
                MaximumPositions = fields.Integer("max_position_embeddings", 1, int.MaxValue) ?? 2048,
                NormEpsilon = (float)(fields.Positive("rms_norm_eps", 1) ?? 1e-6),
                RopeTheta = RopeFields.Theta(fields),
                RopeScaling = RopeFields.Scaling(fields),
                TiedEmbeddings = fields.Bool("tie_word_embeddings") ?? false,
                HasOutputBiases = HasBiases(fields),
            };
    }

    private static (ImmutableArray<LlamaLayerShape> Layers, int Group) Plain(JsonFields fields, int layerCount, int heads)
    {
        var kvHeads = fields.Integer("num_key_value_heads", 1, LargestSize) ?? heads;
        if (heads % kvHeads != 0)
        {
            throw fields.Wrong("num_key_value_heads", $"it must divide num_attention_heads ({heads})");
        }

        var shape = new LlamaLayerShape(kvHeads, fields.RequiredInteger("intermediate_size", 1, LargestSize));
        return ([.. Enumerable.Repeat(shape, layerCount)], heads / kvHeads);
    }

    private static int HeadSize(JsonFields fields, int hidden, int heads)
    {
        var given = fields.Integer("head_dim", 1, LargestSize);
        if (given is null && hidden % heads != 0)
        {
            throw fields.Wrong("num_attention_heads", $"without head_dim it must divide hidden_size ({hidden})");
        }

        var size = given ?? hidden / heads;
        return size % 2 == 0 ? size : throw fields.Wrong("head_dim", $"a head of {size} channels has no rotary pairs; it must be even");
    }

    // True: layers are listed one by one.
    private static bool CheckKind(JsonFields fields, string file)
    {
        var type = fields.String("model_type") ?? throw fields.Missing("model_type");
        if (type is not (PlainType or UnequalType))
        {
            throw fields.Unsupported("model_type", $"\"{PlainType}\" (or \"{UnequalType}\" with block_configs)");
        }

        var unequal = type == UnequalType;
        if (fields.Has(BlockConfigs.Key) != unequal)
        {
            throw new NasClusterException(
                $"{file}: model_type is \"{type}\" {(unequal ? "without" : "with")} block_configs; "
                + $"\"{UnequalType}\" has them and \"{PlainType}\" has not.");
        }

        var architecture = unequal ? UnequalArchitecture : PlainArchitecture;
        if (fields.Array("architectures", 16) is { } names && (names.Length != 1 || names[0].ToString() != architecture))
        {
            throw fields.Unsupported("architectures", $"[\"{architecture}\"]");
        }

        return unequal;
    }

    private static void CheckComputation(JsonFields fields)
    {
        Require(fields, "hidden_act", fields.String("hidden_act") is null or "silu", "\"silu\"");
        Require(fields, "bias", fields.Bool("bias") is null or false, "false");
        foreach (var absent in new[] { "quantization_config", "compression_config", "num_local_experts", "num_experts" })
        {
            Require(fields, absent, !fields.Has(absent), "null");
        }

        Require(fields, "sliding_window", !fields.Has("sliding_window") || fields.Bool("use_sliding_window") == false, "null");
        Require(fields, "partial_rotary_factor", fields.Positive("partial_rotary_factor", double.MaxValue) is null or 1, "1");
        if (fields.Array("layer_types", MostLayers)?.Any(t => t.ToString() != "full_attention") == true)
        {
            throw fields.Unsupported("layer_types", "\"full_attention\" for every layer");
        }

    }

    // Files with biases have all seven of a layer; which of them are more than zeros the reader sees.
    private static bool HasBiases(JsonFields fields)
    {
        var attention = fields.Bool("attention_bias") ?? false;
        return attention == (fields.Bool("mlp_bias") ?? false)
            ? attention
            : throw fields.Unsupported("attention_bias", "the same as mlp_bias");
    }

    private static void Require(JsonFields fields, string name, bool holds, string supported)
    {
        if (!holds)
        {
            throw fields.Unsupported(name, supported);
        }
    }
}
