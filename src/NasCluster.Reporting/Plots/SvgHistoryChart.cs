using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Plots;

/// <summary>How the hypervolume grew with the evaluations.</summary>
internal sealed class SvgHistoryChart
{
    private const double WidthOfValue = 110;
    private readonly HypervolumePoint[] _history;
    private readonly SvgFrame _frame;

    public SvgHistoryChart(FrontReport report, double left, double top, double width, double height)
    {
        _history = [.. report.History.Where(p => double.IsFinite(p.Hypervolume))];
        var last = Math.Max(1, Math.Max(report.Budget, _history.Length == 0 ? 0 : _history[^1].Evaluations));
        var most = _history.Select(p => p.Hypervolume).DefaultIfEmpty().Max();
        var across = Axis.Fixed("evaluations", "evaluations", 0, last, 8);
        var up = Axis.Fixed("hypervolume (higher is better)", "hypervolume", 0, most > 0 ? most * 1.12 : 1, 4);
        _frame = new SvgFrame(across, up, left, top, width, height);
    }

    public void Draw(SvgWriter svg)
    {
        _frame.DrawAxes(svg);
        if (_history.Length == 0)
        {
            return;
        }

        // The hypervolume stays what it is until the next outcome, so the line is steps, not slopes.
        List<(double X, double Y)> line = [(_frame.X(_history[0].Evaluations), _frame.Bottom)];
        foreach (var point in _history)
        {
            var (x, y) = (_frame.X(point.Evaluations), _frame.Y(point.Hypervolume));
            if (line[^1].Y != y)
            {
                line.Add((x, line[^1].Y));
                line.Add((x, y));
            }
        }

        var end = _frame.X(_history[^1].Evaluations);
        line.Add((end, line[^1].Y));
        svg.Path("area", [.. line, (end, _frame.Bottom)], closed: true);
        svg.Path("history", line);
        svg.Circle("front", end, line[^1].Y, 4.5);

        // Beside the end while the search has far to go; above it once the end is near the right edge.
        var value = Quantity.Significant(_history[^1].Hypervolume, 6);
        if (end + WidthOfValue < _frame.Right)
        {
            svg.Text("value", end + 10, line[^1].Y + 4, value);
        }
        else
        {
            svg.Text("value", end + 4, line[^1].Y - 10, value, "end");
        }
    }
}
