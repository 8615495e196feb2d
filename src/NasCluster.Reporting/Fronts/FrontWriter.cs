namespace NasCluster.Reporting.Fronts;

/// <summary>Writes a report's front as a table, JSON or CSV. The same report always gives the same text.</summary>
public static class FrontWriter
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="format">In which format.</param>
    /// <param name="writer">Where to; nothing is written when the report is refused.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentException">A row has not one finite value per objective.</exception>
    public static void Write(FrontReport report, FrontFormat format, TextWriter writer, FrontWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        report.ThrowIfInconsistent();
        options ??= new FrontWriterOptions();
        switch (format)
        {
            case FrontFormat.Table:
                FrontTable.Write(report, writer, options);
                break;
            case FrontFormat.Json:
                FrontJson.Write(report, writer, options);
                break;
            case FrontFormat.Csv:
                FrontCsv.Write(report, writer, options);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown format.");
        }
    }
}
