using System.Text.Json;
using NasCluster.Core.Architectures;

namespace NasCluster.Reporting.Fronts;

/// <summary>Architectures as people and scripts read them.</summary>
internal static class ArchitectureText
{
    // A longer list of widths says less than its range.
    private const int MostWidthsListed = 8;

    /// <summary>One line: <c>4 layers, MLP 172 128 172 96, KV 4</c>; long lists of widths as their range.</summary>
    public static string Short(Architecture? architecture)
    {
        if (architecture is null)
        {
            return "";
        }

        var layers = architecture.Layers;
        var count = layers.Length == 1 ? "1 layer" : $"{layers.Length} layers";
        return layers.IsEmpty
            ? count
            : $"{count}, MLP {Widths([.. layers.Select(l => l.MlpChannels.Count)])}, KV {Widths([.. layers.Select(l => l.KvGroups.Count)])}";
    }

    /// <summary>
    /// <c>{"layers":[{"source_layer":0,"kv_groups":4,"mlp_channels":[0,2,3]}]}</c>: a count stands for the leading channels,
    /// a list for exactly those.
    /// </summary>
    public static void Write(Utf8JsonWriter json, Architecture? architecture)
    {
        if (architecture is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteStartArray("layers");
        foreach (var layer in architecture.Layers)
        {
            json.WriteStartObject();
            json.WriteNumber("source_layer", layer.SourceLayer);
            json.WritePropertyName("kv_groups");
            Write(json, layer.KvGroups);
            json.WritePropertyName("mlp_channels");
            Write(json, layer.MlpChannels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChannelSelection selection)
    {
        if (selection.IsLeading)
        {
            json.WriteNumberValue(selection.Count);
            return;
        }

        json.WriteStartArray();
        for (var i = 0; i < selection.Count; i++)
        {
            json.WriteNumberValue(selection[i]);
        }

        json.WriteEndArray();
    }

    private static string Widths(int[] widths) =>
        widths.Distinct().Count() == 1 ? $"{widths[0]}"
        : widths.Length <= MostWidthsListed ? string.Join(' ', widths)
        : $"{widths.Min()}-{widths.Max()}";
}
