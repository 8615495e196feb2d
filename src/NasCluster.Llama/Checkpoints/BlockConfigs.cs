using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>The <c>block_configs</c> of config.json: one entry per layer, as networks found by architecture search publish them.</summary>
/// <remarks>
/// An entry has <c>attention</c> and <c>ffn</c>, each possibly a no-op. Published files give the query heads per KV head
/// (<c>n_heads_in_group</c>, with the same number of query heads in every layer) and a width multiplier; ours give KV heads and widths
/// directly, since a layer that lost KV heads has lost their query heads too.
/// <para>
/// <c>head_pairs</c> is our own: the rotary pairs that the layer's heads still have, as numbered in a head of <c>head_dim</c> channels,
/// ascending (arXiv 2409.17372, section 3). Projections then have two channels a pair, first halves before second halves, turn by those
/// pairs' frequencies, and scores are scaled by <c>head_dim</c>. No other program that we know of reads it: they find matrices of another
/// shape than they expect, and fail.
/// </para>
/// </remarks>
internal static class BlockConfigs
{
    public const string Key = "block_configs";
    private const string HeadPairsKey = "head_pairs";
    private static readonly string[] AttentionKeys = ["no_op", "n_heads_in_group", "num_key_value_heads", "sparsify", HeadPairsKey];
    private static readonly string[] FfnKeys = ["no_op", "intermediate_size", "ffn_mult", "hidden_act", "gated", "sparsify"];

    public static (ImmutableArray<LlamaLayerShape> Layers, int Group) Read(
        JsonFields config, string file, int layerCount, int hidden, int heads, int headSize)
    {
        var blocks = config.Array(Key, HuggingFaceConfig.MostLayers)!;
        if (blocks.Length != layerCount)
        {
            throw new NasClusterException(
                $"{file}: {Key} has {blocks.Length} entries, but num_hidden_layers is {layerCount}; they must agree.");
        }

        var layers = ImmutableArray.CreateBuilder<LlamaLayerShape>(blocks.Length);
        int? common = null;
        for (var i = 0; i < blocks.Length; i++)
        {
            var place = $"{Key}[{i}]";
            var block = JsonFields.Of(blocks[i], file, place);
            var attention = block.Object("attention") ?? throw block.Missing("attention");
            var ffn = block.Object("ffn") ?? throw block.Missing("ffn");
            var (kvHeads, group) = Attention(attention, heads);
            common ??= group;
            if (group is not null && group != common)
            {
                throw new NasClusterException(
                    $"{file}: {place}.attention has {group} query heads per KV head, an earlier layer {common}; only one number for "
                    + "all layers is supported.");
            }

            layers.Add(new LlamaLayerShape(kvHeads, Width(ffn, hidden), kvHeads == 0 ? null : HeadPairs(attention, headSize / 2)));
        }

        return (layers.MoveToImmutable(), common ?? WithoutAttention(config, heads));
    }

    public static void Write(Utf8JsonWriter json, LlamaConfiguration configuration)
    {
        json.WriteStartArray(Key);
        foreach (var layer in configuration.Layers)
        {
            json.WriteStartObject();
            json.WriteStartObject("attention");
            json.WriteBoolean("no_op", layer.KvHeadCount == 0);
            json.WriteBoolean("replace_with_linear", false);
            WriteOrNull(json, "n_heads_in_group", layer.KvHeadCount == 0 ? null : configuration.QueryHeadsPerKvHead);
            WriteOrNull(json, "num_key_value_heads", layer.KvHeadCount == 0 ? null : layer.KvHeadCount);
            if (layer.HeadPairs is { } pairs)
            {
                json.WriteStartArray(HeadPairsKey);
                Array.ForEach(KeptChannels.Of(pairs), json.WriteNumberValue);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteStartObject("ffn");
            json.WriteBoolean("no_op", layer.IntermediateSize == 0);
            json.WriteBoolean("replace_with_linear", false);
            WriteOrNull(json, "intermediate_size", layer.IntermediateSize == 0 ? null : layer.IntermediateSize);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static (int KvHeads, int? Group) Attention(JsonFields attention, int heads)
    {
        CheckKeys(attention, AttentionKeys);
        if (attention.Bool("no_op") == true)
        {
            return (0, null);
        }

        var group = attention.Integer("n_heads_in_group", 1, HuggingFaceConfig.LargestSize);
        var kvHeads = attention.Integer("num_key_value_heads", 1, HuggingFaceConfig.LargestSize);
        if (group is not null && kvHeads is not null)
        {
            return (long)group * kvHeads <= heads
                ? (kvHeads.Value, group)
                : throw attention.Wrong("num_key_value_heads", $"with {group} query heads each they exceed num_attention_heads ({heads})");
        }

        var (key, part) = group is not null
            ? ("n_heads_in_group", group.Value)
            : ("num_key_value_heads", kvHeads ?? throw attention.Missing("num_key_value_heads"));
        return heads % part != 0
            ? throw attention.Wrong(key, $"it must divide num_attention_heads ({heads})")
            : group is not null ? (heads / part, part) : (part, heads / part);
    }

    private static ChannelSelection? HeadPairs(JsonFields attention, int available)
    {
        if (attention.Array(HeadPairsKey, available - 1) is not { } entries)
        {
            return null;
        }

        var pairs = new int[entries.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var fits = entries[i].ValueKind == JsonValueKind.Number && entries[i].TryGetInt32(out pairs[i]) && pairs[i] > (i == 0 ? -1 : pairs[i - 1]);
            if (!fits || pairs[i] >= available)
            {
                throw attention.Wrong(HeadPairsKey, $"entry {i} must be an integer above the one before it and below half of head_dim, {available}");
            }
        }

        return pairs.Length > 0
            ? ChannelSelection.Set([.. pairs])
            : throw attention.Wrong(HeadPairsKey, "it must have an entry; where all pairs stay it is left out");
    }

    private static int Width(JsonFields ffn, int hidden)
    {
        CheckKeys(ffn, FfnKeys);
        if (ffn.Bool("no_op") == true)
        {
            return 0;
        }

        if (ffn.String("hidden_act") is not (null or "silu"))
        {
            throw ffn.Unsupported("hidden_act", "\"silu\"");
        }

        if (ffn.Bool("gated") == false)
        {
            throw ffn.Unsupported("gated", "true");
        }

        if (ffn.Integer("intermediate_size", 1, HuggingFaceConfig.LargestSize) is { } width)
        {
            return width;
        }

        // The published rule: two thirds of the multiple, cut to an integer, rounded up to a multiple of 256.
        var multiple = ffn.Positive("ffn_mult", 1000) ?? throw ffn.Missing("intermediate_size");
        var rounded = ((long)(2 * multiple * hidden / 3) + 255) / 256 * 256;
        return rounded is >= 1 and <= HuggingFaceConfig.LargestSize ? (int)rounded : throw ffn.Wrong(
            "ffn_mult",
            $"that makes {rounded} channels, which must be in [1, {HuggingFaceConfig.LargestSize}]");
    }

    // Whatever else an entry sets (linear replacements, windows, sinks, experts, state spaces) changes what the layer computes.
    private static void CheckKeys(JsonFields fields, string[] known)
    {
        foreach (var name in fields.Names)
        {
            if (!known.Contains(name) && fields.Has(name) && !fields.IsFalse(name))
            {
                throw fields.Unsupported(FileText.OneLine(name), "null or false");
            }
        }
    }

    private static int WithoutAttention(JsonFields config, int heads)
    {
        var kvHeads = config.Integer("num_key_value_heads", 1, heads) ?? heads;
        return heads % kvHeads == 0 ? heads / kvHeads : throw config.Wrong(
            "num_key_value_heads",
            $"it must divide num_attention_heads ({heads})");
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, int? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value.Value);
        }
    }
}
