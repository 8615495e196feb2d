using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Fronts;

/// <summary>A report as a command shows it: a table comes with its plots.</summary>
public static class FrontDisplay
{
    private const int WidestPlot = 100;

    /// <summary>Shows a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="format">How.</param>
    /// <param name="writer">Where.</param>
    /// <param name="options">Choices; the plots keep to the same width.</param>
    public static void Show(FrontReport report, FrontFormat format, TextWriter writer, FrontWriterOptions options)
    {
        FrontWriter.Write(report, format, writer, options);
        if (format != FrontFormat.Table || report.Rows.IsEmpty)
        {
            return;
        }

        writer.WriteLine();
        foreach (var projection in FrontProjection.Of(report))
        {
            writer.Write(FrontPlot.Render(projection, new FrontPlotOptions { Width = Math.Min(options.Width, WidestPlot) }));
            writer.WriteLine();
        }
    }
}
