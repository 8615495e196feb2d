using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Architectures;

/// <summary>An architecture as JSON: the form people read, paste and store.</summary>
/// <remarks>
/// <code>{"layers":[{"layer":0,"kv_groups":4,"mlp_channels":86},{"layer":2,"mlp_channels":[0,5,9],"head_pairs":[0,1,3]}]}</code>
/// A number keeps that many leading ones, a list keeps just those, and what is left out is kept whole. Head pairs that are all there are
/// read as left out (<see cref="LlamaConfiguration.Canonical"/>).
/// </remarks>
public static class ArchitectureJson
{
    /// <summary>Writes an architecture on one line.</summary>
    public static string Write(Architecture architecture)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, architecture);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes an architecture as one JSON value.</summary>
    public static void Write(Utf8JsonWriter writer, Architecture architecture)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("layers");
        foreach (var layer in architecture.Layers)
        {
            writer.WriteStartObject();
            writer.WriteNumber("layer", layer.SourceLayer);
            Write(writer, "kv_groups", layer.KvGroups);
            Write(writer, "mlp_channels", layer.MlpChannels);
            if (layer.HeadPairs is { } pairs)
            {
                Write(writer, "head_pairs", pairs);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads an architecture of a given network.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="network">The full network it is cut from; says what a left-out part means, and bounds everything.</param>
    /// <exception cref="NasClusterException">The text is no architecture of that network; the message names the place and the rule.</exception>
    public static Architecture Read(string json, LlamaConfiguration network)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement, network);
        }
        catch (JsonException exception)
        {
            throw new NasClusterException(
                $"The architecture is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", exception);
        }
    }

    private static Architecture Read(JsonElement root, LlamaConfiguration network)
    {
        if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Count() != 1 || !root.TryGetProperty("layers", out var list)
            || list.ValueKind != JsonValueKind.Array)
        {
            throw new NasClusterException("An architecture is an object with one list, \"layers\".");
        }

        var layers = ImmutableArray.CreateBuilder<LayerArchitecture>();
        foreach (var element in list.EnumerateArray())
        {
            layers.Add(ReadLayer(element, $"layers[{layers.Count}]", layers.Count == 0 ? -1 : layers[^1].SourceLayer, network));
        }

        var architecture = new Architecture(layers.ToImmutable());
        network.Check(architecture);
        return architecture;
    }

    private static LayerArchitecture ReadLayer(JsonElement element, string place, int previous, LlamaConfiguration network)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new NasClusterException($"{place} is {Kind(element)}; it must be an object.");
        }

        int? layer = null;
        ChannelSelection? kvGroups = null;
        ChannelSelection? mlpChannels = null;
        ChannelSelection? headPairs = null;
        foreach (var property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "layer" when layer is null:
                    layer = ReadCount(property.Value, $"{place}.layer");
                    break;
                case "kv_groups" when kvGroups is null:
                    kvGroups = ReadSelection(property.Value, $"{place}.kv_groups");
                    break;
                case "mlp_channels" when mlpChannels is null:
                    mlpChannels = ReadSelection(property.Value, $"{place}.mlp_channels");
                    break;
                case "head_pairs" when headPairs is null:
                    headPairs = ReadSelection(property.Value, $"{place}.head_pairs");
                    break;
                case "layer" or "kv_groups" or "mlp_channels" or "head_pairs":
                    throw new NasClusterException($"{place}.{property.Name} is given twice.");
                default:
                    throw new NasClusterException($"{place} has an unknown key \"{property.Name}\"; a layer has layer, kv_groups, mlp_channels and head_pairs.");
            }
        }

        if (layer is not { } source)
        {
            throw new NasClusterException($"{place} does not say which layer it is; \"layer\" must be given.");
        }

        if (source <= previous || source >= network.Layers.Length)
        {
            throw new NasClusterException($"{place}.layer is {source}; layers must ascend and be below {network.Layers.Length}.");
        }

        var shape = network.Layers[source];
        var whole = ChannelSelection.Leading(network.HeadChannels(shape) / 2);
        return new LayerArchitecture(
            source,
            kvGroups ?? ChannelSelection.Leading(shape.KvHeadCount),
            mlpChannels ?? ChannelSelection.Leading(shape.IntermediateSize),
            headPairs == whole ? null : headPairs);
    }

    private static ChannelSelection ReadSelection(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return ChannelSelection.Leading(ReadCount(element, place));
        }

        var indices = ImmutableArray.CreateBuilder<int>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            var index = ReadCount(item, $"{place}[{indices.Count}]");
            if (indices.Count > 0 && index <= indices[^1])
            {
                throw new NasClusterException($"{place}[{indices.Count}] is {index} after {indices[^1]}; a list must ascend.");
            }

            indices.Add(index);
        }

        return ChannelSelection.Set(indices.ToImmutable());
    }

    private static int ReadCount(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= 0
            ? value
            : throw new NasClusterException($"{place} is {Kind(element)}; it must be a whole number, 0 or more.");

    private static string Kind(JsonElement element) => element.GetRawText() is { Length: <= 40 } text ? text : $"{element.ValueKind}";

    private static void Write(Utf8JsonWriter writer, string name, ChannelSelection selection)
    {
        if (selection.IsLeading)
        {
            writer.WriteNumber(name, selection.Count);
            return;
        }

        writer.WriteStartArray(name);
        for (var i = 0; i < selection.Count; i++)
        {
            writer.WriteNumberValue(selection[i]);
        }

        writer.WriteEndArray();
    }
}
