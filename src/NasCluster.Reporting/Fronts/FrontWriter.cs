namespace NasCluster.Reporting.Fronts;

/// <summary>Writes a report's front as a table, JSON or CSV. The same report always gives the same text.</summary>
/// <remarks>
/// <para>
/// JSON: <c>schema</c>, <c>model</c>, <c>seed</c>, <c>budget</c>, <c>evaluations</c>, <c>objectives</c> (<c>name</c>,
/// <c>direction</c> minimise or maximise, <c>kind</c> analytic, scored or measured), <c>hypervolume</c> (null when unknown),
/// <c>reference_point</c>, <c>hypervolume_history</c> (<c>evaluations</c>, <c>hypervolume</c>), <c>baseline</c> (the whole
/// network's <c>values</c> and <c>report_values</c>, or null), <c>front</c>, with all trials also <c>others</c>, and
/// <c>provenance</c>. A trial has <c>trial</c>, <c>on_front</c>, <c>genome</c>, <c>architecture</c> (as
/// <see cref="Core.Architectures.ArchitectureJson"/> writes and reads it, so that it can be pasted where an architecture is
/// asked for; null when the space has none), <c>values</c> and <c>report_values</c> (by objective: <c>value</c>,
/// <c>standard_error</c>; null when not taken) and <c>within_noise</c> (names of the objectives in which it differs from a
/// neighbour only within noise).
/// </para>
/// <para>
/// CSV: a header, then one record per trial: <c>trial</c>, <c>on_front</c>, <c>genome</c>, <c>architecture</c>, for each
/// objective its name and its name with <c>_standard_error</c>, the same with <c>report_</c> before them where the report has
/// such values, and <c>within_noise</c> (names apart by spaces). Lines end with CR LF.
/// </para>
/// </remarks>
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
