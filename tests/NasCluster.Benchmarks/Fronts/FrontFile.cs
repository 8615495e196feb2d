using System.Text.Json;
using NasCluster.Core.Search;

namespace NasCluster.Benchmarks.Fronts;

/// <summary>What the <c>front.json</c> of a finished run says of the report set.</summary>
/// <param name="Name">The run directory's name.</param>
/// <param name="Objectives">The objectives.</param>
/// <param name="Front">Report-set values of the networks on the front, one per objective.</param>
/// <param name="Whole">Those of the whole network.</param>
internal sealed record FrontFile(string Name, Objective[] Objectives, double[][] Front, double[] Whole)
{
    public static FrontFile Read(string directory)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "front.json")));
        var root = json.RootElement;
        Objective[] objectives =
        [
            .. root.GetProperty("objectives").EnumerateArray().Select(o => new Objective(
                o.GetProperty("name").GetString()!,
                Enum.Parse<ObjectiveDirection>(o.GetProperty("direction").GetString()!, ignoreCase: true),
                Enum.Parse<ObjectiveKind>(o.GetProperty("kind").GetString()!, ignoreCase: true))),
        ];
        return new FrontFile(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
            objectives,
            [.. root.GetProperty("front").EnumerateArray().Select(Values)],
            Values(root.GetProperty("baseline")));

        double[] Values(JsonElement row) => row.TryGetProperty("report_values", out var values)
            ? Array.ConvertAll(objectives, o => values.GetProperty(o.Name).GetProperty("value").GetDouble())
            : throw new InvalidDataException($"{directory}: the front was not scored on a report set.");
    }
}
