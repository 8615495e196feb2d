using System.Globalization;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Plots;

/// <summary>How far the hypervolume grew over its first value, by evaluations.</summary>
internal sealed class SvgHistoryChart
{
    // Above the line there is room for the value at its end, so that it never meets the frame.
    private const double Headroom = 0.3;
    private const double WidthOfValue = 76;
    private const double GapOfValue = 9;
    private readonly HypervolumePoint[] _history;
    private readonly HypervolumeGain _gain;
    private readonly double _end;
    private readonly SvgFrame _frame;

    public SvgHistoryChart(FrontReport report, HypervolumeGain gain, double left, double top, double width, double height)
    {
        _gain = gain;
        _history = [.. report.History.Where(p => p.Evaluations >= gain.Since && double.IsFinite(gain.Over(p.Hypervolume)))];
        _end = Math.Max(report.Evaluations, _history[^1].Evaluations);
        var across = Axis.Fixed("evaluations", "evaluations", 0, Math.Max(report.Budget, _end), 8);
        var (low, high) = (_history.Min(Percent), _history.Max(Percent));
        high = high > low ? high : low + 1;
        var title = string.Create(CultureInfo.InvariantCulture, $"hypervolume, gain since evaluation {gain.Since:#,0} (higher is better)");
        _frame = new SvgFrame(across, Axis.Fixed(title, Axis.GainInPercent, low, high + (Headroom * (high - low)), 4), left, top, width, height);
    }

    public void Draw(SvgWriter svg)
    {
        _frame.DrawAxes(svg);

        // The hypervolume stays what it is until the next outcome, so the line is steps, not slopes.
        List<(double X, double Y)> line = [];
        foreach (var point in _history)
        {
            var (x, y) = (_frame.X(point.Evaluations), _frame.Y(Percent(point)));
            if (line.Count == 0)
            {
                line.Add((x, y));
            }
            else if (line[^1].Y != y)
            {
                line.Add((x, line[^1].Y));
                line.Add((x, y));
            }
        }

        var end = (X: _frame.X(_end), line[^1].Y);
        line.Add(end);
        svg.Path("history", line);
        svg.Circle("front", end.X, end.Y, 4.5);

        // Over the end; a search that has only begun has no room for it to the left.
        var atLeft = end.X - WidthOfValue < _frame.Left;
        svg.Text("value", atLeft ? Math.Max(end.X, _frame.Left + 4) : end.X, end.Y - GapOfValue, _gain.Percent, atLeft ? "start" : "end");
    }

    private double Percent(HypervolumePoint point) => 100 * _gain.Over(point.Hypervolume);
}
