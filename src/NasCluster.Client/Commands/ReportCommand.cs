using System.CommandLine;
using NasCluster.Client.Connection;
using NasCluster.Client.Searches;
using NasCluster.Core;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Client.Commands;

/// <summary><c>nasctl search report</c>: a search's front with its values on the data that the search never saw.</summary>
internal static class ReportCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var (name, format) = (SearchCommands.NameArgument(), Formats.Option());
        var output = new Option<string?>("--out") { Description = "A directory to leave front.svg, front.json and front.csv in; made if it is not there." };
        var command = new Command("report", "Show the front of a search that has completed with its values on the report part of the data, once they are all there.") { name, output, format };
        command.SetAction((parsed, cancellation) => Cluster.RunAsync(parsed, connection, cancellation, async (cluster, said) =>
        {
            var search = parsed.GetRequiredValue(name);
            var shown = Formats.Parse(parsed.GetRequiredValue(format));
            await new SearchWatch(cluster, search, TimeProvider.System).AwaitScoredAsync(said, cancellation);
            var report = await SearchReport.ReadAsync(cluster, search, cancellation);
            if (parsed.GetValue(output) is { } directory)
            {
                Leave(directory, report);
            }

            SearchReport.Show(report, shown);
            if (shown == FrontFormat.Table && parsed.GetValue(output) is { } written)
            {
                Console.Out.WriteLine($"Written: {Path.Combine(written, "front.svg")}, front.json, front.csv");
            }

            return ExitCode.Success;
        }));
        return command;
    }

    private static void Leave(string directory, FrontReport report)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new NasClusterException($"--out is '{directory}', which is no directory and cannot be made one: {exception.Message}", exception);
        }

        FrontFiles.Write(directory, report);
    }
}
