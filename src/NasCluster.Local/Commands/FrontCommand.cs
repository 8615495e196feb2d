using System.CommandLine;
using NasCluster.Core;
using NasCluster.Local.Runs;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Local.Commands;

/// <summary><c>nas front DIR</c>: the front of a run, also while it goes on.</summary>
internal static class FrontCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The run directory.", Validators = { OptionKinds.RefuseOption } };
        var format = OptionKinds.Word("--format", "How to show it.", "table", "json", "csv");
        var command = new Command("front", "Show the front of a run, finished or still going on.") { directory, format };
        command.SetAction(parsed =>
        {
            var report = RunReport.Read(parsed.GetRequiredValue(directory));
            if (report.Rows.IsEmpty)
            {
                throw new NasClusterException($"{parsed.GetRequiredValue(directory)}: nothing has been evaluated yet, so there is no front.");
            }

            ResultFiles.Show(report, Enum.Parse<FrontFormat>(parsed.GetRequiredValue(format), ignoreCase: true));
        });
        return command;
    }
}
