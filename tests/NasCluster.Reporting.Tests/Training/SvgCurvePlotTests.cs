using System.Globalization;
using System.Xml.Linq;
using NasCluster.Reporting.Training;

namespace NasCluster.Reporting.Tests.Training;

public class SvgCurvePlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Write_UsualCurves_MatchesGolden() => Golden.Matches("curves.svg", Render(SampleCurves.Usual));

    [Fact]
    public void Write_Curves_NameAndDescribeThemselves()
    {
        var svg = Parse(SampleCurves.Usual);
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal("Training of world-3M", svg.Element(Svg + "title")?.Value);
        Assert.Equal(
            "Loss in nats per token over 1,000 steps. largest: 6.200 to 0.821. random: 6.350 to 0.971. smallest: 6.600 to 1.221. training: 6.200 to 0.904.",
            svg.Element(Svg + "desc")?.Value);
        Assert.Contains(svg.Elements(Svg + "text"), t => t.Value == "1,000 steps · 4.096 M tokens · sub-networks on held-out text · sandwich rule, seed 1");
        Assert.Contains(svg.Elements(Svg + "text"), t => t.Value == "smallest 1.221");
    }

    [Theory]
    [InlineData(CurveAcross.Steps, "step", "1,000")]
    [InlineData(CurveAcross.Tokens, "tokens learned", "4 M")]
    public void Write_Across_RunsFromZeroToTheEnd(CurveAcross across, string title, string lastTick)
    {
        var field = Parse(SampleCurves.Usual, across).Elements(Svg + "g").Single();
        Assert.Contains(field.Elements(Svg + "text"), t => t.Value == title);
        Assert.Contains(field.Elements(Svg + "text"), t => t.Value == "loss in nats per token (lower is better)");
        Assert.Contains(field.Elements(Svg + "text"), t => t.Value == lastTick);
        var line = Points(Line(field, "largest"));
        Assert.Equal([84, 824], [line[0].X, line[^1].X]);
        Assert.All(field.Descendants(Svg + "path").SelectMany(Points), p =>
        {
            Assert.InRange(p.X, 84, 824);
            Assert.InRange(p.Y, 138, 518);
        });

        // Falling losses fall on the page, where y grows downwards.
        Assert.All(line.Zip(line.Skip(1)), p => Assert.True(p.First.X < p.Second.X && p.First.Y < p.Second.Y));
    }

    [Fact]
    public void Write_LossesOverSeveralDecades_AreShownByTheirLogarithm()
    {
        var curves = SampleCurves.Of(new(0, 0, 1, 8), new(10, 10, 1, 0.8), new(20, 20, 1, 0.08));
        Assert.Contains("loss in nats per token (lower is better), log scale", Render(curves), StringComparison.Ordinal);
        var line = Points(Line(Parse(curves), "training"));
        Assert.Equal(line[1].Y - line[0].Y, line[2].Y - line[1].Y, 0.03);
        Assert.DoesNotContain("log scale", Render(SampleCurves.Usual), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LossOfZero_IsShownOnALinearAxis() =>
        Assert.DoesNotContain("NaN", Render(SampleCurves.Of(new(0, 0, 1, 8), new(10, 10, 1, 0))), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Write_OnePoint_IsADotForEachCurve(long step)
    {
        var svg = Parse(SampleCurves.Of(new TrainingCurvePoint(step, 100, 0.1, 5, 5, 5.5)));
        Assert.Equal(["training", "smallest", "largest"], svg.Descendants(Svg + "circle").Select(c => ((string)c.Attribute("class")!)["dot ".Length..]));
        Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TrainingLossAlone_LeavesTheOthersOut()
    {
        var svg = Parse(SampleCurves.Of(new(0, 0, 1, 8), new(10, 10, 1, 2)));
        Assert.Single(svg.Descendants(Svg + "g").Elements(Svg + "title"));
        Assert.DoesNotContain("held-out", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LongRun_StaysSmall()
    {
        var curves = SampleCurves.Of([.. Enumerable.Range(0, 50_000).Select(i => new TrainingCurvePoint(i, i, 1, 5 + Math.Sin(i)))]);
        Assert.InRange(Render(curves).Length, 1000, 20_000);
        Assert.Contains("training, smoothed 5.", Render(curves), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileNames_StayText()
    {
        const string name = "<script>alert(\"x\")</script> & \u0001 co";
        var svg = Parse(SampleCurves.Usual with { Model = name, Note = name });
        Assert.Empty(svg.Descendants(Svg + "script"));
        Assert.Equal("Training of <script>alert(\"x\")</script> &  co", svg.Element(Svg + "title")?.Value);
    }

    [Fact]
    public void Write_OtherCulture_ChangesNothing() =>
        Assert.Equal(Render(SampleCurves.Usual), Cultures.WithComma(() => Render(SampleCurves.Usual)));

    private static XElement Line(XElement inside, string kind) =>
        inside.Descendants(Svg + "path").Last(p => (string?)p.Attribute("class") == $"curve {kind}");

    private static (double X, double Y)[] Points(XElement path) =>
        [.. ((string)path.Attribute("d")!)[1..].Split('L').Select(c => c.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray()).Select(c => (c[0], c[1]))];

    private static XElement Parse(TrainingCurves curves, CurveAcross across = CurveAcross.Steps) => XDocument.Parse(Render(curves, across)).Root!;

    private static string Render(TrainingCurves curves, CurveAcross across = CurveAcross.Steps)
    {
        var writer = new StringWriter();
        SvgCurvePlot.Write(curves, writer, across);
        return writer.ToString();
    }
}
