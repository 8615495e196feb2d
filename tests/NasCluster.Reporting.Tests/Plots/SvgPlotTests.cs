using System.Globalization;
using System.Xml.Linq;
using NasCluster.Core.Search;
using NasCluster.Reporting.Fronts;
using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Tests.Plots;

public class SvgPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Write_SmallReport_MatchesGolden() => Golden.Matches("small.svg", Render(Reports.Small));

    [Fact]
    public void Write_Report_NamesAndDescribesItself()
    {
        var svg = Parse(Reports.Small);
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal("Sub-networks of stories260K", svg.Element(Svg + "title")?.Value);
        var description = svg.Element(Svg + "desc")?.Value;
        Assert.StartsWith("perplexity against parameters of 5 evaluated sub-networks, 3 of them on the Pareto front.", description, StringComparison.Ordinal);
        Assert.Contains("parameters on the front: 101.0 K to 212.4 K.", description, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Points_AreAllDrawnInsideTheField()
    {
        var circles = Parse(Reports.Large).Elements(Svg + "g").First().Descendants(Svg + "circle").ToArray();
        Assert.Equal(200, circles.Length);
        Assert.All(circles, c => Assert.InRange((double)c.Attribute("cx")!, 84, 824));
        Assert.All(circles, c => Assert.InRange((double)c.Attribute("cy")!, 138, 518));
    }

    [Fact]
    public void Write_FrontPoints_TellTheirFigures()
    {
        var tips = Parse(Reports.Small).Descendants(Svg + "g").Elements(Svg + "title").Select(t => t.Value).ToArray();
        Assert.Contains("trial 11: perplexity 4.500 ± 0.060, parameters 101.0 K; 3 layers, MLP 64, KV 4", tips);
        Assert.Contains("whole network: perplexity 3.154 ± 0.040, parameters 259.6 K", tips);
    }

    [Fact]
    public void Write_WholeNetworkOnTheFront_FramesItsPointAndHidesNothing()
    {
        var whole = Reports.Small.Rows[0];
        var svg = Parse(Reports.Small with { Baseline = whole });
        var chart = svg.Elements(Svg + "g").First();
        var diamond = Assert.Single(chart.Descendants(Svg + "path"), p => (string?)p.Attribute("class") == "whole");
        var corners = ((string)diamond.Attribute("d")!)[1..^1].Split('L').Select(c => c.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var (x, y, half) = (corners[0][0], corners[1][1], corners[1][0] - corners[0][0]);
        var point = Assert.Single(chart.Descendants(Svg + "circle"), c => Math.Abs((double)c.Attribute("cx")! - x) < 0.02 && Math.Abs((double)c.Attribute("cy")! - y) < 0.02);
        Assert.True((half / Math.Sqrt(2)) - 1 >= (double)point.Attribute("r")! + 0.75, "The point with its rim must fit inside the frame.");
        Assert.True(diamond.IsAfter(point), "The frame must lie over the points.");
        Assert.Contains(".nas .whole{fill:none;", svg.Element(Svg + "style")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ThreeObjectives_DrawsOneFrontBelowTheOtherEachWithEveryPoint()
    {
        var svg = Parse(Fronts.FrontProjectionTests.ThreeObjectives);
        var charts = svg.Elements(Svg + "g").Select(g => g.Descendants(Svg + "circle").Select(c => (double)c.Attribute("cy")!).ToArray()).ToArray();
        Assert.Equal([5, 5], charts[..2].Select(c => c.Length));
        Assert.True(charts[0].Max() < charts[1].Min());
        Assert.Equal("recall against parameters", svg.Element(Svg + "desc")!.Value[..25]);
        Assert.Contains("ordering against parameters", svg.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileNames_StayText()
    {
        const string name = "<script>alert(\"x\")</script> & \u0001 co";
        var svg = Parse(Reports.Small with { Model = name, Objectives = [Reports.Perplexity with { Name = "<b>&\"" }, Reports.Parameters] });
        Assert.Empty(svg.Descendants(Svg + "script"));
        Assert.Equal("Sub-networks of <script>alert(\"x\")</script> &  co", svg.Element(Svg + "title")?.Value);
    }

    [Fact]
    public void Write_MaximisedObjectives_StairsEndAtTheWorstCorner()
    {
        // Higher is better both ways: stairs start at the bottom right and end at the left edge.
        var report = Reports.Small with
        {
            Objectives = [new("arc_challenge", ObjectiveDirection.Maximise, ObjectiveKind.Scored), Reports.Speed],
            Baseline = null,
            ReferencePoint = [],
            Rows = [Reports.Row(0, 0.4, 0, 100, true), Reports.Row(1, 0.3, 0, 200, true), Reports.Row(2, 0.25, 0, 90, false)],
        };
        var stairs = Parse(report).Descendants(Svg + "path").Single(p => (string?)p.Attribute("class") == "stair");
        var corners = ((string)stairs.Attribute("d")!)[1..].Split('L');
        Assert.EndsWith(" 518", corners[0], StringComparison.Ordinal);
        Assert.StartsWith("84 ", corners[^1], StringComparison.Ordinal);
        Assert.Equal(5, corners.Length);
    }

    [Fact]
    public void Write_TwoOfThreeObjectives_DrawsStairsForTheProjectionOnly()
    {
        var report = Reports.Small with
        {
            Objectives = Reports.Small.Objectives.Add(Reports.Speed),
            Rows = [.. Reports.Small.Rows.Select(r => r with { Values = r.Values.Add(new(1e6 / r.Values[1].Value, 0.5)) })],
            Baseline = null,
            ReferencePoint = [],
        };
        Assert.DoesNotContain("class=\"stair\"", Render(report, across: "parameters"), StringComparison.Ordinal);
        Assert.Contains(Parse(report).Descendants(Svg + "path"), p => (string?)p.Attribute("class") == "stair");
        Assert.Contains("tokens per second (higher is better)", Render(report, across: "tokens_per_second"), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_History_StartsAtItsFirstValueAndRunsToTheLastEvaluation()
    {
        var chart = Parse(Reports.Small with { Evaluations = 10 }).Elements(Svg + "g").Last();
        var corners = ((string)chart.Elements(Svg + "path").Single(p => (string?)p.Attribute("class") == "history").Attribute("d")!)[1..].Split('L');
        var ends = corners.Select(c => c.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.Equal([121, 121 + (9 * 37)], [ends[0][0], ends[^1][0]], (a, b) => Math.Abs(a - b) < 0.01);
        Assert.All(ends.Zip(ends.Skip(1)), p => Assert.True(p.First[0] == p.Second[0] ^ p.First[1] == p.Second[1], "steps, not slopes"));
        Assert.Equal(ends.Min(e => e[1]), ends[^1][1]);
        Assert.DoesNotContain(chart.Elements(Svg + "path"), p => (string?)p.Attribute("class") == "area");
        Assert.Equal(["+0 %", "+20 %", "+40 %"], chart.Elements(Svg + "text").Select(t => t.Value).Where(t => t.EndsWith(" %", StringComparison.Ordinal)).Take(3));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(20, 0)]
    [InlineData(20, 1e-7)]
    [InlineData(200, 0.5)]
    [InlineData(200, 900)]
    public void Write_History_KeepsItsValueInsideTheField(long evaluations, double gain)
    {
        var report = Reports.Small with { Budget = 200, Evaluations = evaluations, History = [new(1, 1000), new(evaluations, 1000 * (1 + gain))] };
        var chart = Parse(report).Elements(Svg + "g").Last();
        var value = chart.Elements(Svg + "text").Single(t => (string?)t.Attribute("class") == "value");
        Assert.InRange((double)value.Attribute("y")! - 12, 622, 752);
        Assert.InRange((double)value.Attribute("x")!, (string?)value.Attribute("text-anchor") == "end" ? 84 + 70 : 84, 824);
        Assert.DoesNotContain("NaN", chart.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Write_FewPoints_IsStillAPicture(int points)
    {
        var report = Reports.Small with { Rows = [.. Reports.Small.Rows.Take(points)], History = [], Baseline = null, Hypervolume = null };
        Assert.DoesNotContain("NaN", Render(report), StringComparison.Ordinal);
        Assert.Single(Parse(report).Elements(Svg + "g"));
    }

    [Fact]
    public void Write_OneObjective_PutsTrialsAcross()
    {
        var report = Reports.Small with
        {
            Objectives = [Reports.Perplexity],
            Rows = [.. Reports.Small.Rows.Select(r => r with { Values = [r.Values[0]], OnFront = r.Trial.Value == 7 })],
            Baseline = Reports.Small.Baseline! with { Values = [Reports.Small.Baseline.Values[0]] },
            ReferencePoint = [8],
        };
        Assert.Contains(Parse(report).Descendants(Svg + "text"), t => t.Value == "trial");
    }

    [Fact]
    public void Write_ValueNotFinite_IsRefusedBeforeAnythingIsWritten()
    {
        var writer = new StringWriter();
        var report = Reports.Small with { Rows = [Reports.Row(3, double.NaN, 0, 1, true)] };
        Assert.Throws<ArgumentException>(() => SvgPlot.Write(report, writer));
        Assert.Empty(writer.ToString());
    }

    [Fact]
    public void Write_OtherCulture_ChangesNothing()
    {
        var expected = (Render(Reports.Large), FrontPlot.Render(Reports.Large.Objectives, Reports.Large.Points));
        Assert.Equal(expected, Cultures.WithComma(() => (Render(Reports.Large), FrontPlot.Render(Reports.Large.Objectives, Reports.Large.Points))));
    }

    private static XElement Parse(FrontReport report) => XDocument.Parse(Render(report)).Root!;

    private static string Render(FrontReport report, string? across = null, string? up = null)
    {
        var writer = new StringWriter();
        SvgPlot.Write(report, writer, across, up);
        return writer.ToString();
    }
}
