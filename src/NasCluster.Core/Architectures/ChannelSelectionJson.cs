using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NasCluster.Core.Architectures;

/// <summary>A selection inside recorded JSON: a number keeps that many leading channels, a list just those.</summary>
internal sealed class ChannelSelectionJson : JsonConverter<ChannelSelection>
{
    public override ChannelSelection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return reader.TokenType == JsonTokenType.Number
                ? ChannelSelection.Leading(reader.GetInt32())
                : ChannelSelection.Set(JsonSerializer.Deserialize<ImmutableArray<int>>(ref reader, options));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new JsonException("A selection is a number, 0 or more, or an ascending list of such numbers.", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, ChannelSelection value, JsonSerializerOptions options)
    {
        if (value.IsLeading)
        {
            writer.WriteNumberValue(value.Count);
            return;
        }

        writer.WriteStartArray();
        for (var i = 0; i < value.Count; i++)
        {
            writer.WriteNumberValue(value[i]);
        }

        writer.WriteEndArray();
    }
}
