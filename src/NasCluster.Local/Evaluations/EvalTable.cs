using System.Globalization;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Reporting;
using Spectre.Console;

namespace NasCluster.Local.Evaluations;

/// <summary>An evaluation as tables for people.</summary>
internal static class EvalTable
{
    private const int Width = 120;

    // The usual bound of significance.
    private const double Told = 0.05;

    /// <summary>Writes the scores; then, with several architectures, how the others differ from the first; then what was computed.</summary>
    public static void Write(TextWriter writer, EvalReport report)
    {
        var text = new StringWriter { NewLine = "\n" };
        var console = ReportConsole.Create(text, Width);
        console.Write(report.IsFront ? Front(report) : Scores(report));
        if (report.IsFront)
        {
            console.Write(new Text(Invariant($"≈ not told apart from the network above: p of their paired difference is {Told} or more\n")));
        }
        else if (report.Networks.Length > 1)
        {
            console.Write(Differences(report));
            console.Write(new Text("p: how likely a difference at least as large is where there is none (McNemar's exact test for right and wrong)\n"));
        }

        writer.Write(string.Join('\n', text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd(' '))));
        foreach (var result in report.Tasks.Where(t => t.Set.TruncatedCount > 0))
        {
            Line(writer, $"{result.Set.Name}: {result.Set.TruncatedCount:#,0} of {result.Set.Documents.Length:#,0} documents lost their beginning in the window of {report.Window:#,0} tokens");
        }

        if (report.Tasks.All(t => t.Tokens is not null))
        {
            var counts = report.Tasks.Select(t => t.Tokens!.Value).Aggregate(new TokenCounts(0, 0), (a, b) => new(a.Asked + b.Asked, a.Computed + b.Computed));
            var kept = report.Tasks.Sum(t => (long)t.KeptRequests);
            Line(writer, $"tokens: {counts.Asked:#,0} asked, {counts.Computed:#,0} computed{(kept > 0 ? Invariant($"; {kept:#,0} sequences kept from before") : "")}");
        }
    }

    private static Table Scores(EvalReport report)
    {
        var many = report.Networks.Length > 1;
        var table = new Table().RoundedBorder().AddColumn("task").AddColumn(new TableColumn("documents").RightAligned()).AddColumn("metric");
        for (var a = 0; a < report.Networks.Length; a++)
        {
            table.AddColumn(new TableColumn(many ? report.Networks[a].Name : "value").RightAligned());
        }

        foreach (var scores in report.Tasks.Select(t => t.Scores).Concat(report.Groups))
        {
            for (var m = 0; m < scores[0].Metrics.Length; m++)
            {
                var metrics = scores.Select(s => s.Metrics[m]).ToArray();
                string[] cells = [m == 0 ? scores[0].Task : "", m == 0 ? Invariant($"{metrics[0].PerDocument.Length:#,0}") : "", metrics[0].Name, .. metrics.Select(Value)];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }
        }

        return table;
    }

    // A row for each network: fronts have more of them than a page has columns. Of each task the metric it is known for.
    private static Table Front(EvalReport report)
    {
        TaskScore[][] columns = [.. report.Tasks.Select(t => t.Scores.ToArray()), .. report.Groups.Select(g => g.ToArray())];
        var table = new Table().RoundedBorder().AddColumn("network");
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape($"{column[0].Task},\n{column[0].Metrics[0].Name}")).RightAligned());
        }

        for (var i = 0; i < report.Networks.Length; i++)
        {
            var above = report.ComparedWith(i);
            string[] cells = [report.Networks[i].Name, .. columns.Select(c => Value(c[i].Metrics[0]) + (i == 0 ? "  " : MetricDifference.Of(c[above], c[i])[0].PValue < Told ? "  " : " ≈"))];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        return table;
    }

    private static Table Differences(EvalReport report)
    {
        var table = new Table().RoundedBorder().AddColumn("task").AddColumn("metric");
        for (var a = 1; a < report.Networks.Length; a++)
        {
            table.AddColumn(new TableColumn($"{report.Networks[a].Name} less {report.Networks[0].Name}").RightAligned()).AddColumn(new TableColumn("p").RightAligned());
        }

        foreach (var scores in report.Tasks.Select(t => t.Scores).Concat(report.Groups))
        {
            var differences = scores.Skip(1).Select(s => MetricDifference.Of(scores[0], s)).ToArray();
            for (var m = 0; m < scores[0].Metrics.Length; m++)
            {
                string[] cells =
                [
                    m == 0 ? scores[0].Task : "", scores[0].Metrics[m].Name,
                    .. differences.SelectMany(d => new[] { Invariant($"{d[m].Value:+0.0000;-0.0000;0} ± {d[m].StandardError:0.0000}"), Invariant($"{d[m].PValue:0.000}") }),
                ];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }
        }

        return table;
    }

    private static string Value(MetricScore metric) => Invariant($"{metric.Value:0.0000} ± {metric.StandardError:0.0000}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(TextWriter writer, FormattableString text) => writer.Write(text.ToString(CultureInfo.InvariantCulture) + "\n");
}
