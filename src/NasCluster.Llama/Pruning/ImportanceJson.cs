using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Pruning;

/// <summary>Importance as JSON, so that what was measured once can be stored and used again.</summary>
/// <remarks><code>{"measure":"hessian","layers":[{"layer":0.12,"kv_groups":[1.5,2],"head_pairs":[3,0.5],"mlp_channels":[1,2,3]}]}</code></remarks>
public static class ImportanceJson
{
    private static readonly string[] Kinds = ["kv_groups", "head_pairs", "mlp_channels"];

    /// <summary>Writes on one line, every value so that it reads back with the same bits.</summary>
    /// <exception cref="NasClusterException">A value is not finite.</exception>
    public static string Write(NetworkImportance importance)
    {
        ArgumentNullException.ThrowIfNull(importance);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("measure", NameOf(importance.Measure));
            writer.WriteStartArray("layers");
            for (var i = 0; i < importance.Layers.Length; i++)
            {
                var layer = importance.Layers[i];
                writer.WriteStartObject();
                WriteNumber(layer.Layer, $"layers[{i}].layer", () => writer.WritePropertyName("layer"));
                foreach (var (kind, values) in Kinds.Zip([layer.KvGroups, layer.HeadPairs, layer.MlpChannels]))
                {
                    writer.WriteStartArray(kind);
                    for (var place = 0; place < values.Length; place++)
                    {
                        WriteNumber(values[place], $"layers[{i}].{kind}[{place}]");
                    }

                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();

            void WriteNumber(double value, string place, Action? name = null)
            {
                if (!double.IsFinite(value))
                {
                    throw new NasClusterException($"{place} is {value}; importance must be finite.");
                }

                name?.Invoke();
                writer.WriteNumberValue(value);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads the importance of a given network.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="network">The network; decides how many values there must be.</param>
    /// <exception cref="NasClusterException">The text is no importance of that network; the message names the place and the rule.</exception>
    public static NetworkImportance Read(string json, LlamaConfiguration network)
    {
        ArgumentNullException.ThrowIfNull(network);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement, network);
        }
        catch (JsonException exception)
        {
            throw new NasClusterException(
                $"The importance is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", exception);
        }
    }

    private static NetworkImportance Read(JsonElement root, LlamaConfiguration network)
    {
        RequireKeys(root, "The importance", ["measure", "layers"]);
        var name = root.GetProperty("measure") is { ValueKind: JsonValueKind.String } element ? element.GetString() : null;
        var measures = Enum.GetValues<ImportanceMeasure>().Where(m => NameOf(m) == name).ToArray();
        if (measures.Length == 0)
        {
            throw new NasClusterException(
                $"measure is {Shown(root.GetProperty("measure"))}; it must be one of {string.Join(", ", Enum.GetValues<ImportanceMeasure>().Select(NameOf))}.");
        }

        var list = root.GetProperty("layers");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != network.Layers.Length)
        {
            throw new NasClusterException($"layers is {Shown(list)}; it must be a list of {network.Layers.Length}, one for each layer of the network.");
        }

        return new NetworkImportance(measures[0], [.. list.EnumerateArray().Select((e, i) => ReadLayer(e, $"layers[{i}]", network, network.Layers[i]))]);
    }

    private static LayerImportance ReadLayer(JsonElement element, string place, LlamaConfiguration network, LlamaLayerShape shape)
    {
        RequireKeys(element, place, ["layer", .. Kinds]);
        return new LayerImportance(
            Values("kv_groups", shape.KvHeadCount),
            Values("head_pairs", shape.KvHeadCount > 0 ? network.HeadSize / 2 : 0),
            Values("mlp_channels", shape.IntermediateSize),
            Number(element.GetProperty("layer"), $"{place}.layer"));

        ImmutableArray<double> Values(string kind, int count)
        {
            var list = element.GetProperty(kind);
            return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == count
                ? [.. list.EnumerateArray().Select((e, i) => Number(e, $"{place}.{kind}[{i}]"))]
                : throw new NasClusterException($"{place}.{kind} is {Shown(list)}; it must be a list of {count}.");
        }
    }

    private static void RequireKeys(JsonElement element, string place, string[] keys)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).SequenceEqual(keys.Order(StringComparer.Ordinal)))
        {
            throw new NasClusterException($"{place} is {Shown(element)}; it must be an object with just {string.Join(", ", keys)}.");
        }
    }

    // JSON has no infinity, but 1e999 reads as one.
    private static double Number(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw new NasClusterException($"{place} is {Shown(element)}; it must be a finite number.");

    private static string NameOf(ImportanceMeasure measure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(measure.ToString());

    private static string Shown(JsonElement element) => element.GetRawText() is { Length: <= 40 } text ? text : element.ValueKind switch
    {
        JsonValueKind.Array => $"a list of {element.GetArrayLength()}",
        var kind => $"{kind}",
    };
}
