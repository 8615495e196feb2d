using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Tests.Plots;

public class FrontPlotTests
{
    private static readonly ImmutableArray<Objective> Two = [Reports.Perplexity, Reports.Parameters];

    [Fact]
    public void Render_Braille_MatchesGolden() => Golden.Matches("large-plot.txt", FrontPlot.Render(Reports.Large));

    [Fact]
    public void Render_Ascii_MatchesGolden()
    {
        var text = FrontPlot.Render(Reports.Large.Objectives, Reports.Large.Points, new FrontPlotOptions { Unicode = false });
        Golden.Matches("large-plot-ascii.txt", text);
        Assert.All(text, c => Assert.InRange(c, '\n', '~'));
    }

    [Fact]
    public void Render_AnySize_FillsExactlyItsRowsAndNotMoreThanItsColumns()
    {
        foreach (var (width, height) in new[] { (10, 2), (30, 8), (41, 9), (72, 20), (200, 60) })
        {
            var lines = FrontPlot.Render(Two, Reports.Large.Points, new FrontPlotOptions { Width = width, Height = height }).TrimEnd('\n').Split('\n');
            Assert.Equal(Math.Max(height, FrontPlot.SmallestHeight), lines.Length);
            Assert.All(lines, line => Assert.True(line.Length <= Math.Max(width, FrontPlot.SmallestWidth), line));
        }
    }

    [Fact]
    public void Render_FrontPointAmongOthers_IsNotHidden()
    {
        var others = Enumerable.Range(1, 50).Select(i => Point(i, 5, 100, false));
        var text = FrontPlot.Render(Two, [Point(0, 5, 100, true), .. others], new FrontPlotOptions { Unicode = false });
        Assert.Equal(2, text.Count(c => c == '*'));
        Assert.Contains("* front 1  . others 50", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_BrailleDots_LieWhereTheirValuesDo()
    {
        // Field of 26 x 4 cells: the lowest value at the left, the highest at the right, neither on the front.
        var text = FrontPlot.Render(Two, [Point(0, 1, 10, false), Point(1, 2, 20, false)], new FrontPlotOptions { Width = 30, Height = 8 });
        var lines = text.Split('\n');
        var top = lines[1].Single(c => c is > '\u2800' and <= '\u28FF');
        var bottom = lines[4].Single(c => c is > '\u2800' and <= '\u28FF');
        Assert.True(lines[1].IndexOf(top) > lines[4].IndexOf(bottom));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(30)]
    public void Render_LongLabels_StayWholeAndApart(int width)
    {
        // Values far from zero and close together: labels of eight digits upwards, of twelve signs across.
        ImmutableArray<Objective> objectives = [new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored), new("macs_per_token", ObjectiveDirection.Minimise, ObjectiveKind.Analytic)];
        ImmutableArray<EvaluatedPoint> points =
            [.. Enumerable.Range(0, 50).Select(i => new EvaluatedPoint(new TrialId(i), [new(12_345_678 + (0.01 * i), 0), new(7e12 + (1e6 * (50 - i)), 0)], true))];
        var text = FrontPlot.Render(objectives, points, new FrontPlotOptions { Width = width, Height = 16 });
        var lines = text.TrimEnd('\n').Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Matches(@"(?m)^12,345,678\.\d ┤", text);
        var labels = lines[^2].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.NotEmpty(labels);
        Assert.All(labels, label => Assert.Matches(@"^(7\.\d+ T ?)+$", label));
        Assert.StartsWith("● front 50  ⠂ others 0", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith(width >= 60 ? "  macs per token (lower is better)" : width >= 40 ? "  macs per token" : "  macs p", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoPoints_DrawsEmptyAxes() =>
        Assert.Contains("front 0", FrontPlot.Render(Two, []), StringComparison.Ordinal);

    [Fact]
    public void Render_OneObjective_PutsTrialsAcross()
    {
        ImmutableArray<EvaluatedPoint> points = [.. Enumerable.Range(0, 9).Select(i => new EvaluatedPoint(new TrialId(i), [new(9 - i, 0)], i == 8))];
        Assert.EndsWith("trial\n", FrontPlot.Render([Reports.Perplexity], points), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NamedObjectives_AreTheOnesShown()
    {
        ImmutableArray<Objective> three = [Reports.Perplexity, Reports.Parameters, Reports.Speed];
        var points = Reports.Large.Points.Select(p => p with { Values = p.Values.Add(new(1e9 / p.Values[1].Value, 0)) }).ToImmutableArray();
        var text = FrontPlot.Render(three, points, new FrontPlotOptions { Across = "tokens_per_second", Up = "parameters" });
        Assert.StartsWith("parameters (lower is better)", text, StringComparison.Ordinal);
        Assert.EndsWith("tokens per second (higher is better)\n", text, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FrontPlot.Render(three, points, new FrontPlotOptions { Up = "speed" }));
    }

    [Fact]
    public void Write_AnsiConsole_ShowsTheFrontBright()
    {
        var writer = new StringWriter();
        FrontPlot.Write(ReportConsole.Create(writer, 72, ansi: true), Reports.Small);
        Assert.Matches(@"\e\[1;[\d;]*m●", writer.ToString());
        Assert.Matches(@"\e\[2m[\u2801-\u28FF]", writer.ToString());

        var plain = new StringWriter();
        FrontPlot.Write(ReportConsole.Create(plain, 72), Reports.Small);
        Assert.Equal(FrontPlot.Render(Reports.Small), string.Join('\n', plain.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())));
    }

    private static EvaluatedPoint Point(long trial, double perplexity, double parameters, bool onFront) =>
        new(new TrialId(trial), [new(perplexity, 0), new(parameters, 0)], onFront);
}
