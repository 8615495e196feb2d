using System.Globalization;
using NasCluster.Reporting.Plots;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>The field of a chart over time, with its grid, labels, thresholds and marks.</summary>
internal sealed class Field
{
    private const double WidthOfLabels = 66;
    private const double Right = 14;
    private const int TicksUp = 5;
    private readonly Axis _up;
    private readonly Axis _across;
    private readonly UnitScale _scale;
    private readonly PanelData _data;

    public Field(PanelData data, double low, double high, double left, double top, double width, double height)
    {
        _data = data;
        _scale = UnitScale.For(data.Panel.Unit, Math.Max(Math.Abs(low), Math.Abs(high)));
        (Left, Top, Width, Height) = (left + WidthOfLabels, top, width - WidthOfLabels - Right, height);
        _across = Axis.Fixed("", "", 0, Math.Max(1, data.Seconds(data.To)), (int)(Width / 60));
        _up = Axis.Fixed("", "", low / _scale.Divisor, (high > low ? high : low + 1) / _scale.Divisor, TicksUp);
    }

    public double Left { get; }

    public double Top { get; }

    public double Width { get; }

    public double Height { get; }

    public double Bottom => Top + Height;

    public double X(double seconds) => Left + (Width * _across.Place(seconds));

    public double Y(double value) => Math.Clamp(Top + (Height * (1 - _up.Place(value / _scale.Divisor))), Top, Bottom);

    public void Draw(SvgWriter svg, bool withLabels = true)
    {
        var step = _up.Ticks.Length > 1 ? _up.Ticks[1] - _up.Ticks[0] : 1;
        var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 6);
        foreach (var tick in withLabels ? _up.Ticks : [])
        {
            var y = Y(tick * _scale.Divisor);
            svg.Line("grid", Left, y, Left + Width, y);
            svg.Text("tick", Left - 7, y + 4, _scale.Text(tick * _scale.Divisor, decimals), "end");
        }

        foreach (var tick in _across.Ticks)
        {
            svg.Line("grid", X(tick), Top, X(tick), Bottom);
            svg.Text("tick", X(tick), Bottom + 15, string.Create(CultureInfo.InvariantCulture, $"{(int)tick / 60}:{(int)tick % 60:00}"), "middle");
        }

        svg.Line("floor", Left, Bottom, Left + Width, Bottom);
        foreach (var limit in _data.Panel.ThresholdLines.Where(l => _up.Place(l / _scale.Divisor) is >= 0 and <= 1))
        {
            svg.Line("limit", Left, Y(limit), Left + Width, Y(limit));
        }
    }

    /// <summary>Marks of annotations, over everything else.</summary>
    public void DrawMarks(SvgWriter svg)
    {
        foreach (var mark in _data.Marks)
        {
            var x = X(_data.Seconds(mark));
            svg.Line("mark", x, Top, x, Bottom);
        }
    }
}
