using System.Globalization;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>A front as RFC 4180 CSV: a header, one record per trial, lines ended by CR LF.</summary>
internal static class FrontCsv
{
    public static void Write(FrontReport report, TextWriter writer, FrontWriterOptions options)
    {
        var hasReport = report.Rows.Any(r => !r.ReportValues.IsEmpty);
        var marks = NoiseMarks.Of(report.Objectives, report.Front);
        var names = report.Objectives.Select(o => o.Name);
        WriteRecord(
            writer,
            [
                "trial", "on_front", "genome", "architecture",
                .. names.SelectMany(n => new[] { n, $"{n}_standard_error" }),
                .. hasReport ? names.SelectMany(n => new[] { $"report_{n}", $"report_{n}_standard_error" }) : [],
                "within_noise",
            ]);
        foreach (var row in options.AllTrials ? report.Front.AddRange(report.Others) : report.Front)
        {
            var noise = row.OnFront && marks.TryGetValue(row.Trial, out var marked) ? marked : [];
            WriteRecord(
                writer,
                [
                    row.Trial.Value.ToString(CultureInfo.InvariantCulture), row.OnFront ? "true" : "false", row.Genome, $"{row.Architecture}",
                    .. row.Values.SelectMany(Fields),
                    .. !hasReport ? [] : row.ReportValues.IsEmpty ? names.SelectMany(_ => new[] { "", "" }) : row.ReportValues.SelectMany(Fields),
                    string.Join(' ', noise.Select(i => report.Objectives[i].Name)),
                ]);
        }
    }

    private static IEnumerable<string> Fields(ObjectiveValue value) => [Exact(value.Value), Exact(value.StandardError)];

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void WriteRecord(TextWriter writer, IEnumerable<string> fields)
    {
        writer.Write(string.Join(',', fields.Select(Quoted)));
        writer.Write("\r\n");
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
