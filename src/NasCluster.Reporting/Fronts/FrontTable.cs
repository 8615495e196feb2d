using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;
using Spectre.Console;

namespace NasCluster.Reporting.Fronts;

/// <summary>A front as a table for people: values to their meaningful digits, counts also in full.</summary>
internal static class FrontTable
{
    private const int NarrowestWidth = 40;

    public static void Write(FrontReport report, TextWriter writer, FrontWriterOptions options)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = ReportConsole.Create(text, Math.Max(NarrowestWidth, options.Width), options.Ansi, options.Unicode);
        var front = report.Front;
        var marks = NoiseMarks.Of(report.Objectives, front);
        WriteHeading(console, report, front.Length, options);
        console.Write(Body(report, front, marks, options));
        if (marks.Count > 0)
        {
            console.Write(new Text($"{Mark(options)} within noise: less than {NoiseMarks.StandardErrors} combined standard errors from a neighbour on the front\n", Style.Plain));
        }

        foreach (var (key, value) in report.Provenance)
        {
            console.Write(new Text($"{key}: {value}\n", new Style(decoration: Decoration.Dim)));
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

    private static Table Body(
        FrontReport report, ImmutableArray<FrontRow> front, ImmutableSortedDictionary<TrialId, ImmutableArray<int>> marks, FrontWriterOptions options)
    {
        var table = new Table { Border = options.Unicode ? TableBorder.Rounded : TableBorder.Ascii, UseSafeBorder = false };
        var hasReport = front.Any(r => !r.ReportValues.IsEmpty);
        var hasArchitecture = front.Any(r => r.Architecture is not null);
        table.AddColumn(Column("trial"));
        foreach (var objective in report.Objectives)
        {
            table.AddColumn(Column(Quantity.Words(objective.Name)));
        }

        // Analytic values are the same on every set; only the others are worth a second column.
        var reported = hasReport ? Enumerable.Range(0, report.Objectives.Length).Where(i => report.Objectives[i].Kind != ObjectiveKind.Analytic).ToArray() : [];
        foreach (var objective in reported)
        {
            table.AddColumn(Column($"{Quantity.Words(report.Objectives[objective].Name)}, report set"));
        }

        if (hasArchitecture)
        {
            table.AddColumn(new TableColumn(new Text("architecture")));
        }

        foreach (var row in front)
        {
            AddRow(row, row.Trial.ToString(), marks.TryGetValue(row.Trial, out var marked) ? marked : []);
        }

        if (report.Baseline is not null)
        {
            table.AddEmptyRow();
            AddRow(report.Baseline, "whole", []);
        }

        return table;

        void AddRow(FrontRow row, string name, ImmutableArray<int> marked)
        {
            var cells = new List<string> { name };
            for (var i = 0; i < report.Objectives.Length; i++)
            {
                // Cells without the mark keep its place, so that numbers stay aligned.
                var mark = marked.Contains(i) ? " " + Mark(options) : marks.Any(m => m.Value.Contains(i)) ? "  " : "";
                cells.Add(Cell(report.Objectives[i], row.Values[i], options) + mark);
            }

            cells.AddRange(reported.Select(i => row.ReportValues.IsEmpty ? "" : Cell(report.Objectives[i], row.ReportValues[i], options)));
            if (hasArchitecture)
            {
                cells.Add(ArchitectureText.Short(row.Architecture));
            }

            table.AddRow(cells.Select(c => new Text(c)));
        }
    }

    private static TableColumn Column(string title) => new TableColumn(new Text(title)).RightAligned().NoWrap();

    private static string Cell(Objective objective, ObjectiveValue value, FrontWriterOptions options)
    {
        var human = Quantity.WithError(objective.Name, value, options.Unicode ? "±" : "+-");
        return Quantity.IsCount(objective.Name) && value.StandardError == 0 && Math.Abs(value.Value) >= 1000
            ? $"{human}  {Quantity.Exact(value.Value)}"
            : human;
    }

    private static string Mark(FrontWriterOptions options) => options.Unicode ? "≈" : "~";
}
