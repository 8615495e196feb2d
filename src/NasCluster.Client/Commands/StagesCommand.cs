using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using NasCluster.Client.Searches;

namespace NasCluster.Client.Commands;

/// <summary><c>nasctl search stages</c>: what the stages before and after a search have done.</summary>
internal static class StagesCommand
{
    public static Command Create(Connection.ConnectionOptions connection)
    {
        var (name, format) = (SearchCommands.NameArgument(), Formats.Option());
        var command = new Command("stages", "Show what the stages before and after a search have done: inputs, settings, times, scores before and after. With json, all of it.") { name, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, said) =>
        {
            var progress = await new SearchWatch(cluster, parsed.GetRequiredValue(name), TimeProvider.System).GetProgressAsync(cancellation);
            if (progress.Stage is { } stage)
            {
                said($"{stage} is being carried out");
            }

            var shown = parsed.GetRequiredValue(format);
            var records = progress.Stages.Select(s => JsonNode.Parse(s)!).ToArray();
            if (shown == "json")
            {
                Formats.Write(shown, ["stage", "content", "record"], records.Select(r => new object?[] { (string?)r["stage"], (string?)r["content"], r["record"] }));
            }
            else
            {
                Formats.Write(shown, ["stage", "seconds", "network", "result"], records.SelectMany(Rows));
            }

            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>A row for each network that a stage has scored; one with what it has stored for one that has scored none.</summary>
    private static IEnumerable<object?[]> Rows(JsonNode stage)
    {
        var record = stage["record"]!;
        var seconds = ((double)record["seconds"]!).ToString("0.0", CultureInfo.InvariantCulture);
        return record["networks"] is JsonArray networks
            ? networks.Select(n => new object?[] { (string?)stage["stage"], seconds, (string?)n!["name"], $"{(long)n["block_parameters"]!:#,0} weights in the layers{Scores(n)}" })
            : [[(string?)stage["stage"], seconds, "", (string?)stage["content"]]];
    }

    private static string Scores(JsonNode network) => string.Concat(
        new[] { ("search", ""), ("report", " on the report set") }.SelectMany(part => network[part.Item1]!.AsObject().Select(score => string.Create(
            CultureInfo.InvariantCulture, $"; {score.Key} {(double)score.Value![0]!:G5} ± {(double)score.Value[1]!:G2}{part.Item2}"))));
}
