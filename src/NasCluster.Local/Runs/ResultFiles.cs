using NasCluster.Reporting.Fronts;

namespace NasCluster.Local.Runs;

/// <summary>What a session leaves behind: the front as files in the run directory, and on standard output.</summary>
internal static class ResultFiles
{
    /// <summary>Writes <c>front.json</c>, <c>front.csv</c> and <c>front.svg</c>, and shows the front.</summary>
    public static void Write(string directory, bool json)
    {
        var report = RunReport.Read(directory);
        if (report.Rows.IsEmpty)
        {
            Console.Error.WriteLine("nas: nothing has been evaluated yet, so there is no front.");
            return;
        }

        FrontFiles.Write(directory, report, "The run itself is safe; 'nas resume' writes it.");
        Show(report, json ? FrontFormat.Json : FrontFormat.Table);
        if (!json)
        {
            Console.Out.WriteLine($"Written: {Path.Combine(directory, "front.svg")}, front.json, front.csv");
        }
    }

    /// <summary>Writes a report to standard output; a table comes with its plots.</summary>
    public static void Show(FrontReport report, FrontFormat format)
    {
        var width = Console.IsOutputRedirected ? 120 : Math.Max(40, Console.WindowWidth);
        FrontDisplay.Show(report, format, Console.Out, new FrontWriterOptions { Width = width });
    }
}
