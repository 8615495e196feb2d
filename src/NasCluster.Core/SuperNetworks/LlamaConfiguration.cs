using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using NasCluster.Core.Architectures;

namespace NasCluster.Core.SuperNetworks;

/// <summary>The shape of one layer of a LLaMA-family network.</summary>
/// <param name="KvHeadCount">Key/value heads; each serves <see cref="LlamaConfiguration.QueryHeadsPerKvHead"/> query heads. 0: no attention.</param>
/// <param name="IntermediateSize">MLP channels. 0: no MLP.</param>
public readonly record struct LlamaLayerShape(int KvHeadCount, int IntermediateSize);

/// <summary>The shape of a LLaMA-family network, layer by layer, so that an extracted sub-network has one too.</summary>
public sealed record LlamaConfiguration
{
    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Rows of the embedding and of the output head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Channels of one head; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Query heads that share one key/value head: 1 is multi-head attention, more is grouped-query attention.</summary>
    public required int QueryHeadsPerKvHead { get; init; }

    /// <summary>The layers, in the order they run.</summary>
    public required ImmutableArray<LlamaLayerShape> Layers { get; init; }

    /// <summary>Longest sequence the network was trained for, in tokens.</summary>
    public required int MaximumPositions { get; init; }

    /// <summary>Added to the mean square inside every RMS norm.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Base of the rotary position frequencies.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>Whether the output head is the embedding itself.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>The architecture that keeps everything.</summary>
    [JsonIgnore]
    public Architecture FullArchitecture => new(
        [.. Layers.Select((l, i) => new LayerArchitecture(i, ChannelSelection.Leading(l.KvHeadCount), ChannelSelection.Leading(l.IntermediateSize)))]);

    /// <summary>The shape of the network an architecture cuts out of this one.</summary>
    /// <exception cref="NasClusterException">The architecture names what this network does not have; see <see cref="Check(Architecture)"/>.</exception>
    public LlamaConfiguration Extract(Architecture architecture)
    {
        Check(architecture);
        return this with { Layers = [.. architecture.Layers.Select(l => new LlamaLayerShape(l.KvGroups.Count, l.MlpChannels.Count))] };
    }

    /// <summary>Fails unless every layer, KV group and channel the architecture names exists here.</summary>
    /// <exception cref="NasClusterException">One does not; the message names the layer and the bound.</exception>
    public void Check(Architecture architecture)
    {
        foreach (var layer in architecture.Layers)
        {
            if (layer.SourceLayer >= Layers.Length)
            {
                throw new NasClusterException($"The architecture keeps layer {layer.SourceLayer}, but the network has layers 0 to {Layers.Length - 1}.");
            }

            var shape = Layers[layer.SourceLayer];
            Check(layer.SourceLayer, "KV groups", layer.KvGroups, shape.KvHeadCount);
            Check(layer.SourceLayer, "MLP channels", layer.MlpChannels, shape.IntermediateSize);
        }
    }

    /// <summary>The shape as one line of JSON, for records that outlive the model's files.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="NasClusterException">The text is something else.</exception>
    public static LlamaConfiguration FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<LlamaConfiguration>(json, JsonOptions) is { Layers.IsDefault: false } configuration
                ? configuration
                : throw new NasClusterException("The recorded network configuration is empty.");
        }
        catch (JsonException exception)
        {
            throw new NasClusterException($"The recorded network configuration cannot be read: {exception.Message}", exception);
        }
    }

    private static void Check(int layer, string what, ChannelSelection selection, int available)
    {
        var needed = selection.Count == 0 ? 0 : selection[selection.Count - 1] + 1;
        if (needed > available)
        {
            throw new NasClusterException($"The architecture needs {needed} {what} in layer {layer}, but the network has {available} there.");
        }
    }

    /// <inheritdoc/>
    public bool Equals(LlamaConfiguration? other) =>
        other is not null && VocabularySize == other.VocabularySize && HiddenSize == other.HiddenSize && HeadSize == other.HeadSize
        && QueryHeadsPerKvHead == other.QueryHeadsPerKvHead && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan())
        && MaximumPositions == other.MaximumPositions && NormEpsilon.Equals(other.NormEpsilon) && RopeTheta.Equals(other.RopeTheta)
        && TiedEmbeddings == other.TiedEmbeddings;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(VocabularySize, HiddenSize, HeadSize, QueryHeadsPerKvHead, Layers.Length, RopeTheta, TiedEmbeddings);
}
