using System.Globalization;
using System.Text.RegularExpressions;
using NasCluster.Reporting.Formatting;
using Spectre.Console;

namespace NasCluster.Reporting.Fronts;

/// <summary>A front as a table for people: values to their meaningful digits, and as much about each as the width allows.</summary>
internal static partial class FrontTable
{
    private const int NarrowestWidth = 40;

    // Enough to tell a handful of files apart at a glance; who needs to be sure takes the JSON, which has every digit.
    private const int DigitsOfFingerprints = 12;

    public static void Write(FrontReport report, TextWriter writer, FrontWriterOptions options)
    {
        var width = Math.Max(NarrowestWidth, options.Width);
        var text = new StringWriter { NewLine = "\n" };
        var console = ReportConsole.Create(text, width, options.Ansi, options.Unicode);
        var front = report.Front;
        var marks = NoiseMarks.Of(report.Objectives, front);
        WriteHeading(console, report, front.Length, options);
        var bodies = FrontTableLayout.All.Select(layout => new FrontTableBody(report, front, marks, layout, options));
        var body = bodies.FirstOrDefault(b => b.Width <= width) ?? bodies.Last();
        console.Write(body.Draw(mayBreak: body.Width > width));
        if (marks.Count > 0)
        {
            console.Write(new Text($"{Mark(options)} within noise: less than {NoiseMarks.StandardErrors} combined standard errors from a neighbour on the front\n", Style.Plain));
        }

        foreach (var note in body.Notes)
        {
            console.Write(new Text($"{note}\n", Style.Plain));
        }

        foreach (var (key, value) in report.Provenance)
        {
            console.Write(new Text($"{key}: {Fingerprints().Replace(value, m => m.Value[..DigitsOfFingerprints])}\n", new Style(decoration: Decoration.Dim)));
        }

        // Cells are padded to their column; what trails at the right edge would only show up in diffs.
        var lines = text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd(' '));
        writer.Write(string.Join('\n', lines));
    }

    private static void WriteHeading(IAnsiConsole console, FrontReport report, int frontSize, FrontWriterOptions options)
    {
        var dot = options.Unicode ? "·" : "-";
        FormattableString first = $"{report.Model} {dot} {report.Evaluations:#,0} of {report.Budget:#,0} evaluations {dot} seed {report.Seed} {dot} {frontSize:#,0} on the front\n";
        console.Write(new Text(first.ToString(CultureInfo.InvariantCulture), new Style(decoration: Decoration.Bold)));
        if (HypervolumeGain.Of(report.History) is { } gain)
        {
            var reference = report.ReferencePoint.Select((v, i) => $"{Quantity.Words(report.Objectives[i].Name)} {Quantity.Human(report.Objectives[i].Name, v)}");
            var against = report.ReferencePoint.IsEmpty ? "" : $"; measured from {string.Join(", ", reference)}";
            console.Write(new Text($"hypervolume {gain}{against}\n"));
        }
    }

    /// <summary>The sign of a value within noise.</summary>
    public static string Mark(FrontWriterOptions options) => options.Unicode ? "≈" : "~";

    // A SHA-1 or longer, so that a long number is left alone.
    [GeneratedRegex("(?<![0-9a-zA-Z])[0-9a-f]{40,}(?![0-9a-zA-Z])")]
    private static partial Regex Fingerprints();
}
