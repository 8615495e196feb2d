using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Pruning;

namespace NasCluster.Pipeline.Pruning;

/// <summary>Scores as JSON, for the record of a run.</summary>
public static class ScoresFile
{
    /// <summary>Writes scores on one line.</summary>
    public static string Write(ChannelScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return new JsonObject
        {
            ["importance"] = JsonNode.Parse(ImportanceJson.Write(scores.Importance)),
            ["start"] = scores.StartMask.IsEmpty ? null : string.Concat(scores.StartMask.Select(b => b ? '1' : '0')),
        }.ToJsonString();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="network">The network they are of.</param>
    /// <exception cref="NasClusterException">It is something else, or of another network.</exception>
    public static ChannelScores Read(string json, LlamaConfiguration network)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var start = document.RootElement.GetProperty("start");
            var bits = start.ValueKind == JsonValueKind.Null ? "" : start.GetString()!;
            return bits.All(b => b is '0' or '1')
                ? new ChannelScores(ImportanceJson.Read(document.RootElement.GetProperty("importance").GetRawText(), network), [.. bits.Select(b => b == '1')])
                : throw new NasClusterException("The recorded scores are damaged: start must be of 0 and 1.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new NasClusterException($"The recorded scores are damaged: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
