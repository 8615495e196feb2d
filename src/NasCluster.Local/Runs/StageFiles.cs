using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Pipeline.Pruning;
using NasCluster.Reporting;

namespace NasCluster.Local.Runs;

/// <summary>What the stages before and after a search leave in its run directory, so that none is carried out twice and all can be traced.</summary>
internal static class StageFiles
{
    /// <summary>Where stages leave what they leave.</summary>
    public static string Folder(string directory) => Path.Combine(directory, "stages");

    /// <summary>Where the policy gradient's own run is.</summary>
    public static string PolicyGradient(string directory) => Path.Combine(Folder(directory), "policy-gradient");

    /// <summary>Where the pruned network is.</summary>
    public static string Model(string directory) => Path.Combine(directory, "model");

    /// <summary>The scores that the stages before the search ended with; null while they have not.</summary>
    /// <exception cref="NasClusterException">The file is damaged.</exception>
    public static ChannelScores? ReadScores(string directory, LlamaConfiguration configuration) => Read(directory, "scores", configuration);

    /// <summary>What importance was measured; null while it has not been.</summary>
    /// <exception cref="NasClusterException">The file is damaged.</exception>
    public static ChannelScores? ReadImportance(string directory, LlamaConfiguration configuration) => Read(directory, "importance", configuration);

    /// <summary>Records what a stage ended with, whole or not at all.</summary>
    /// <param name="directory">The run directory.</param>
    /// <param name="stage"><c>importance</c> or <c>scores</c>.</param>
    /// <param name="scores">What it ended with.</param>
    /// <param name="provenance">Inputs, settings and time taken.</param>
    public static void Write(string directory, string stage, ChannelScores scores, JsonObject provenance) =>
        Write(directory, stage, new JsonObject { ["provenance"] = provenance, ["scores"] = JsonNode.Parse(ScoresFile.Write(scores)) });

    /// <summary>Records what a stage did.</summary>
    public static void Write(string directory, string stage, JsonObject record)
    {
        try
        {
            Directory.CreateDirectory(Folder(directory));
            ReplacedFile.Write(File(directory, stage), w => w.Write(record.ToJsonString(new JsonSerializerOptions { WriteIndented = false })));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{File(directory, stage)}: cannot be written: {exception.Message}", exception);
        }
    }

    private static ChannelScores? Read(string directory, string stage, LlamaConfiguration configuration)
    {
        var file = File(directory, stage);
        if (!System.IO.File.Exists(file))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadText(file), new JsonDocumentOptions { MaxDepth = 16 });
            return ScoresFile.Read(document.RootElement.GetProperty("scores").GetRawText(), configuration);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new NasClusterException($"{file}: damaged: {exception.Message.ReplaceLineEndings(" ")} Delete it, and the stage is carried out again.", exception);
        }
        catch (NasClusterException exception)
        {
            throw new NasClusterException($"{file}: {exception.Message} Delete it, and the stage is carried out again.", exception);
        }
    }

    private static string File(string directory, string stage) => Path.Combine(Folder(directory), $"{stage}.json");
}
