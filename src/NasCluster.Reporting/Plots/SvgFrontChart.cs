using System.Globalization;
using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Plots;

/// <summary>The front of a report with error bars, over every evaluated point.</summary>
internal sealed class SvgFrontChart
{
    /// <summary>Half the length of an error bar in standard errors: about 95 % of a normal error's mass lies within.</summary>
    public const double BarErrors = 2;

    private const double Radius = 4.25;
    private const double CapHalf = 3;

    // Wide enough that a point of the front with its rim fits inside: half the diagonal over the square root of two.
    private const double BaselineHalf = 9;
    private readonly FrontReport _report;
    private readonly PlotAxes _axes;
    private readonly SvgFrame _frame;
    private readonly FrontRow[] _front;

    public SvgFrontChart(FrontReport report, PlotAxes axes, double left, double top, double width, double height)
    {
        _report = report;
        _axes = axes;
        var shown = report.Baseline is null ? report.Rows : report.Rows.Add(report.Baseline);
        var across = axes.AcrossAxis(report.Objectives, report.Rows.Concat(BaselineAcross()).Select(Across), 7);
        var up = Axis.ForObjective(report.Objectives[axes.Y], shown.Select(Up), 7);
        _frame = new SvgFrame(across, up, left, top, width, height);

        // Best first across, so that the stairs climb one way.
        var sign = AcrossDirection == ObjectiveDirection.Minimise ? 1 : -1;
        _front = [.. report.Front.OrderBy(r => sign * Across(r)).ThenBy(r => r.Trial)];
    }

    private ObjectiveDirection AcrossDirection => _axes.X < 0 ? ObjectiveDirection.Minimise : _report.Objectives[_axes.X].Direction;

    public void Draw(SvgWriter svg)
    {
        _frame.DrawAxes(svg);

        // With a third objective, the front's shadow on two of them is no staircase.
        if (_report.Objectives.Length == 2 && _front.Length > 0)
        {
            DrawStairs(svg);
        }

        foreach (var row in _report.Rows.Where(r => !r.OnFront).OrderBy(r => r.Trial))
        {
            svg.Circle("other", _frame.X(Across(row)), _frame.Y(Up(row)), 2.75);
        }

        var marks = NoiseMarks.Of(_report.Objectives, _report.Front);
        foreach (var row in _front)
        {
            svg.Open("g");
            svg.Raw($"<title>{SvgWriter.Escaped(Description($"trial {row.Trial}", row))}</title>");
            DrawBars(svg, row);
            svg.Circle(marks.ContainsKey(row.Trial) ? "noise" : "front", _frame.X(Across(row)), _frame.Y(Up(row)), Radius);
            svg.Close("g");
        }

        DrawBaseline(svg);
    }

    /// <summary>What the signs mean, from left to right.</summary>
    public void DrawLegend(SvgWriter svg, double x, double y)
    {
        var hasNoise = !NoiseMarks.Of(_report.Objectives, _report.Front).IsEmpty;
        if (_front.Length > 0)
        {
            Entry("front", "Pareto front");
        }

        if (hasNoise)
        {
            Entry("noise", "on the front, within noise of a neighbour");
        }

        if (_report.Rows.Length > _front.Length)
        {
            Entry("other", "other evaluated sub-networks");
        }

        if (HasPlacedBaseline)
        {
            Diamond(svg, x + 5, y - 4, 6.5);
            svg.Text("note", x + 16, y, "whole network");
        }

        void Entry(string kind, string text)
        {
            svg.Circle(kind, x + 5, y - 4, kind == "other" ? 3.5 : 4.5);
            svg.Text("note", x + 16, y, text);

            // No one knows a text's width before it is drawn; this suits the fonts asked for, with room to spare.
            x += 16 + (6.6 * text.Length) + 20;
        }
    }

    private bool HasPlacedBaseline => _report.Baseline is not null && _axes.X >= 0;

    private IEnumerable<FrontRow> BaselineAcross() => HasPlacedBaseline ? [_report.Baseline!] : [];

    private double Across(FrontRow row) => _axes.AcrossOf(row.Trial, row.Values);

    private double Up(FrontRow row) => row.Values[_axes.Y].Value;

    private void DrawStairs(SvgWriter svg)
    {
        var worstX = AcrossDirection == ObjectiveDirection.Minimise ? _frame.Right : _frame.Left;
        var worstY = _report.Objectives[_axes.Y].Direction == ObjectiveDirection.Minimise ? _frame.Top : _frame.Bottom;
        List<(double X, double Y)> stairs = [(_frame.X(Across(_front[0])), worstY)];
        for (var i = 0; i < _front.Length; i++)
        {
            stairs.Add((_frame.X(Across(_front[i])), _frame.Y(Up(_front[i]))));
            var nextX = i + 1 < _front.Length ? _frame.X(Across(_front[i + 1])) : worstX;
            stairs.Add((nextX, _frame.Y(Up(_front[i]))));
        }

        svg.Path("area", [.. stairs, (worstX, worstY)], closed: true);
        svg.Path("stair", stairs);
    }

    private void DrawBars(SvgWriter svg, FrontRow row)
    {
        var (x, y) = (_frame.X(Across(row)), _frame.Y(Up(row)));
        var error = BarErrors * row.Values[_axes.Y].StandardError;
        if (error > 0)
        {
            var (low, high) = (_frame.ClampedY(Up(row) - error), _frame.ClampedY(Up(row) + error));
            svg.Line("bar", x, low, x, high);
            svg.Line("bar", x - CapHalf, low, x + CapHalf, low);
            svg.Line("bar", x - CapHalf, high, x + CapHalf, high);
        }

        error = BarErrors * _axes.AcrossErrorOf(row.Values);
        if (error > 0)
        {
            var (low, high) = (_frame.ClampedX(Across(row) - error), _frame.ClampedX(Across(row) + error));
            svg.Line("bar", low, y, high, y);
            svg.Line("bar", low, y - CapHalf, low, y + CapHalf);
            svg.Line("bar", high, y - CapHalf, high, y + CapHalf);
        }
    }

    private void DrawBaseline(SvgWriter svg)
    {
        if (HasPlacedBaseline)
        {
            svg.Open("g");
            svg.Raw($"<title>{SvgWriter.Escaped(Description("whole network", _report.Baseline!))}</title>");
            Diamond(svg, _frame.X(Across(_report.Baseline!)), _frame.Y(Up(_report.Baseline!)), BaselineHalf);
            svg.Close("g");
        }
    }

    // A frame around what else is there: the whole network is often on the front itself.
    private static void Diamond(SvgWriter svg, double x, double y, double half) =>
        svg.Path("whole", [(x, y - half), (x + half, y), (x, y + half), (x - half, y)], closed: true);

    private string Description(string name, FrontRow row)
    {
        var values = _report.Objectives.Select((o, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{Quantity.Words(o.Name)} {Quantity.WithError(o.Name, row.Values[i])}"));
        var architecture = ArchitectureText.Short(row.Architecture);
        return $"{name}: {string.Join(", ", values)}{(architecture.Length == 0 ? "" : $"; {architecture}")}";
    }
}
