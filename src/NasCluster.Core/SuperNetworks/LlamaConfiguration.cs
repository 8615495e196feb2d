using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using NasCluster.Core.Architectures;

namespace NasCluster.Core.SuperNetworks;

/// <summary>The shape of one layer of a LLaMA-family network.</summary>
/// <param name="KvHeadCount">Key/value heads; each serves <see cref="LlamaConfiguration.QueryHeadsPerKvHead"/> query heads. 0: no attention.</param>
/// <param name="IntermediateSize">MLP channels. 0: no MLP.</param>
/// <param name="HeadPairs">
/// The rotary pairs that every head of the layer still has, numbered as in a head of <see cref="LlamaConfiguration.HeadSize"/> channels,
/// where pair i turns by theta^(-2i / head size) a position (arXiv 2409.17372, section 3). Null where none was left out, and without attention.
/// </param>
public readonly record struct LlamaLayerShape(
    int KvHeadCount,
    int IntermediateSize,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(ChannelSelectionJson))] ChannelSelection? HeadPairs = null);

/// <summary>The shape of a LLaMA-family network, layer by layer, so that an extracted sub-network has one too.</summary>
public sealed record LlamaConfiguration
{
    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Rows of the embedding and of the output head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Channels of one head, even; where a layer lacks rotary pairs, those it had before. Frequencies and the scale of scores go by it.</summary>
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

    /// <summary>How these frequencies are slowed for long sequences; null where they are not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether the output head is the embedding itself.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>
    /// Whether the projections that write to the residual stream, <c>o_proj</c> and <c>down_proj</c>, each add a bias of
    /// <see cref="HiddenSize"/> values. A part that a layer does not have adds none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasOutputBiases { get; init; }

    /// <summary>The architecture that keeps everything.</summary>
    [JsonIgnore]
    public Architecture FullArchitecture => new(
        [.. Layers.Select((l, i) => new LayerArchitecture(i, ChannelSelection.Leading(l.KvHeadCount), ChannelSelection.Leading(l.IntermediateSize)))]);

    /// <summary>How far a rotary pair turns from one position to the next, in radians: theta^(-2i / head size), slowed where <see cref="RopeScaling"/> says so.</summary>
    /// <param name="pair">The pair i, numbered as in a whole head.</param>
    public double RotaryFrequency(int pair)
    {
        var frequency = Math.Pow(RopeTheta, -2.0 * pair / HeadSize);
        return RopeScaling?.Of(frequency) ?? frequency;
    }

    /// <summary>Channels that each head of a layer has: two for every rotary pair.</summary>
    public int HeadChannels(LlamaLayerShape layer) => layer.HeadPairs is { } pairs ? 2 * pairs.Count : HeadSize;

    /// <summary>The shape of the network an architecture cuts out of this one.</summary>
    /// <exception cref="NasClusterException">The architecture names what this network does not have; see <see cref="Check(Architecture)"/>.</exception>
    public LlamaConfiguration Extract(Architecture architecture)
    {
        Check(architecture);
        return this with
        {
            Layers = [.. architecture.Layers.Select(l => new LlamaLayerShape(l.KvGroups.Count, l.MlpChannels.Count, KeptPairs(l)))],
        };
    }

    /// <summary>A layer's rotary pairs after an architecture's choice among them, numbered as in <see cref="LlamaLayerShape.HeadPairs"/>.</summary>
    /// <param name="layer">A layer that fits this network; its own selection counts among the pairs that are still here.</param>
    public ChannelSelection? KeptPairs(LayerArchitecture layer)
    {
        var here = Layers[layer.SourceLayer].HeadPairs;
        return layer.KvGroups.Count == 0 ? null
            : here is not { } pairs ? layer.HeadPairs
            : layer.HeadPairs is not { } chosen ? pairs
            : ChannelSelection.Set([.. Enumerable.Range(0, chosen.Count).Select(i => pairs[chosen[i]])]);
    }

    /// <summary>The one form of a layer that <see cref="Check(Architecture)"/> takes: without a choice of rotary pairs where it is none.</summary>
    /// <remarks>A choice of all pairs is none, and so is any where no KV group stays.</remarks>
    /// <param name="layer">A layer of this network.</param>
    public LayerArchitecture Canonical(LayerArchitecture layer)
    {
        var isChoice = layer.KvGroups.Count > 0 && layer.HeadPairs != ChannelSelection.Leading(HeadChannels(Layers[layer.SourceLayer]) / 2);
        return isChoice ? layer : layer with { HeadPairs = null };
    }

    /// <summary>Fails unless every layer, KV group, rotary pair and channel the architecture names exists here, and each layer is <see cref="Canonical"/>.</summary>
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
            if (layer.HeadPairs is { } pairs)
            {
                CheckPairs(layer, pairs, HeadChannels(shape) / 2);
            }
        }
    }

    /// <summary>Fails unless heads have whole rotary pairs, and those that layers name exist and are some but not all.</summary>
    /// <exception cref="NasClusterException">Not so; the message names the layer and the rule.</exception>
    public void CheckHeads()
    {
        if (HeadSize < 2 || HeadSize % 2 != 0)
        {
            throw new NasClusterException($"HeadSize is {HeadSize}; it must be even and above 0, since channels turn in pairs.");
        }

        for (var i = 0; i < Layers.Length; i++)
        {
            if (Layers[i].HeadPairs is { } pairs && (Layers[i].KvHeadCount == 0 || pairs.Count == 0 || pairs.Count >= HeadSize / 2 || pairs[pairs.Count - 1] >= HeadSize / 2))
            {
                throw new NasClusterException(
                    $"Layer {i} has rotary pairs {pairs} in {Layers[i].KvHeadCount} KV heads; pairs are listed only where there are heads that lack some, "
                    + $"and then at least one, all below {HeadSize / 2}.");
            }
        }
    }

    /// <summary>Fails unless every architecture and every request's sequence fits this network: what any engine looks at before it scores.</summary>
    /// <exception cref="NasClusterException">One does not; the message names it and the bound.</exception>
    public void Check(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentNullException.ThrowIfNull(requests);
        foreach (var architecture in architectures)
        {
            Check(architecture);
        }

        for (var i = 0; i < requests.Count; i++)
        {
            // The last token is scored and not read, so it takes no position.
            var tokens = requests[i].TokenIds.AsSpan();
            if (tokens.Length - 1 > MaximumPositions)
            {
                throw new NasClusterException($"There are {tokens.Length} tokens in request {i}; the network takes at most {MaximumPositions} and one to predict.");
            }

            CheckVocabulary(tokens, $"request {i}");
        }
    }

    /// <summary>Fails unless a sequence is short enough for this network, and every token is in its vocabulary.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="where">What they are, for the message.</param>
    /// <exception cref="NasClusterException">Not so; the message names the bound.</exception>
    public void CheckTokens(ReadOnlySpan<int> tokens, string where)
    {
        if (tokens.Length > MaximumPositions)
        {
            throw new NasClusterException($"There are {tokens.Length} tokens in {where}; the network takes at most {MaximumPositions}.");
        }

        CheckVocabulary(tokens, where);
    }

    private void CheckVocabulary(ReadOnlySpan<int> tokens, string where)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)VocabularySize)
            {
                throw new NasClusterException(
                    $"Token {tokens[i]} at place {i} of {where} is not in the vocabulary, which has ids 0 to {VocabularySize - 1}.");
            }
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
            if (JsonSerializer.Deserialize<LlamaConfiguration>(json, JsonOptions) is not { Layers.IsDefault: false } configuration)
            {
                throw new NasClusterException("The recorded network configuration is empty.");
            }

            if (configuration.Layers.Any(l => l.HeadPairs is not null))
            {
                configuration.CheckHeads();
            }

            return configuration;
        }
        catch (JsonException exception)
        {
            throw new NasClusterException($"The recorded network configuration cannot be read: {exception.Message}", exception);
        }
    }

    private static void CheckPairs(LayerArchitecture layer, ChannelSelection pairs, int available)
    {
        var place = $"in layer {layer.SourceLayer}";
        if (pairs.Count == 0)
        {
            throw new NasClusterException($"The architecture keeps no head pairs {place}; to remove its attention, keep no KV groups.");
        }

        if (layer.KvGroups.Count == 0)
        {
            throw new NasClusterException($"The architecture chooses head pairs {place}, where it keeps no KV groups; leave the choice out.");
        }

        Check(layer.SourceLayer, "head pairs", pairs, available);
        if (pairs.Count == available)
        {
            throw new NasClusterException($"The architecture lists all {available} head pairs {place}; where all stay, leave the list out.");
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
        && RopeScaling == other.RopeScaling && TiedEmbeddings == other.TiedEmbeddings && HasOutputBiases == other.HasOutputBiases;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(VocabularySize, HiddenSize, HeadSize, QueryHeadsPerKvHead, Layers.Length, RopeTheta, TiedEmbeddings);
}
