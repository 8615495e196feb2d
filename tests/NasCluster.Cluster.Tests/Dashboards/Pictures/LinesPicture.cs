using NasCluster.Reporting.Plots;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>Series as lines over time, stacked or not, with their names and last values below.</summary>
internal static class LinesPicture
{
    private const double LegendLine = 16;
    private const double UnderField = 28;
    private const double Headroom = 1.08;
    private const double WidthOfSign = 6.2;
    private const int FewLegends = 3;
    private const double WideEnough = 500;
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1.5);

    public static void Draw(SvgWriter svg, PanelData data, double left, double top, double width, double height)
    {
        var series = data.Series.OrderBy(s => s.Name, StringComparer.Ordinal).ToArray();
        var columns = series.Length > FewLegends && width > WideEnough ? 2 : 1;
        var legendHeight = LegendLine * Math.Ceiling(series.Length / (double)columns);
        var layers = data.Panel.IsStacked ? Stacked(series) : [.. series.Select(s => (s.Series.Points, Array.Empty<TimePoint>()))];
        var values = layers.SelectMany(l => l.Top).Select(p => p.Value).ToArray();
        var (low, high) = values.Length == 0 ? (0, 1) : (values.Min(), values.Max());
        var padding = data.Panel.Minimum is null ? (Headroom - 1) * Math.Max(high - low, Math.Abs(high) * 0.02) : 0;
        var field = new Field(
            data, data.Panel.Minimum ?? (low - padding), data.Panel.Maximum ?? Math.Max(high + padding + (high == 0 ? 1 : 0), high * (data.Panel.Minimum is null ? 1 : Headroom)), left, top + 4, width,
            height - UnderField - legendHeight - 10);
        field.Draw(svg);
        for (var i = 0; i < layers.Length; i++)
        {
            var color = $"c{i % PictureStyle.Colors}";
            foreach (var run in Runs(layers[i].Top))
            {
                var line = Line(data, field, run);
                if (data.Panel.IsStacked)
                {
                    var below = Line(data, field, [.. run.Select(p => new TimePoint(p.Time, layers[i].Below.FirstOrDefault(b => b.Time == p.Time).Value))]);
                    svg.Path($"fill {color}", [.. line, .. below.Reverse()], closed: true);
                }

                svg.Path($"line {color}", line);
            }
        }

        field.DrawMarks(svg);
        for (var i = 0; i < series.Length; i++)
        {
            var rows = (int)Math.Ceiling(series.Length / (double)columns);
            var wide = (width - 24) / columns;
            var (x, y) = (left + 14 + (wide * (i / rows)), top + height - legendHeight - 2 + (LegendLine * (i % rows)));
            var last = UnitScale.Text(data.Panel.Unit, series[i].Series.Points[^1].Value, data.Panel.Decimals);
            svg.Rectangle($"key c{i % PictureStyle.Colors}", x, y - 7, 12, 4);
            svg.Text("small", x + 18, y, Fitting(series[i].Name, wide - 30 - (WidthOfSign * (last.Length + 2))));
            svg.Text("small", x + wide - 10, y, last, "end");
        }
    }

    private static string Fitting(string name, double width) =>
        name.Length * WidthOfSign <= width ? name : string.Concat(name.AsSpan(0, Math.Max(1, (int)(width / WidthOfSign) - 1)), "…");

    private static (IReadOnlyList<TimePoint> Top, TimePoint[] Below)[] Stacked((string Name, TimeSeries Series)[] series)
    {
        var height = new Dictionary<DateTimeOffset, double>();
        return [.. series.Select(s =>
        {
            TimePoint[] below = [.. s.Series.Points.Select(p => new TimePoint(p.Time, height.GetValueOrDefault(p.Time)))];
            TimePoint[] top = [.. s.Series.Points.Zip(below, (p, b) => new TimePoint(p.Time, p.Value + b.Value))];
            foreach (var point in top)
            {
                height[point.Time] = point.Value;
            }

            return ((IReadOnlyList<TimePoint>)top, below);
        })];
    }

    /// <summary>Parts between which the series was not there.</summary>
    private static IEnumerable<TimePoint[]> Runs(IReadOnlyList<TimePoint> points)
    {
        var run = new List<TimePoint>();
        foreach (var point in points)
        {
            if (run.Count > 0 && point.Time - run[^1].Time > Gap)
            {
                yield return [.. run];
                run.Clear();
            }

            run.Add(point);
        }

        yield return [.. run];
    }

    private static (double X, double Y)[] Line(PanelData data, Field field, TimePoint[] run)
    {
        var line = new List<(double X, double Y)>();
        foreach (var point in run)
        {
            var (x, y) = (field.X(data.Seconds(point.Time)), field.Y(point.Value));
            if (data.Panel.IsStepped && line.Count > 0 && line[^1].Y != y)
            {
                line.Add((x, line[^1].Y));
            }

            // What does not change needs no point of its own.
            if (line.Count > 1 && line[^1].Y == y && line[^2].Y == y)
            {
                line.RemoveAt(line.Count - 1);
            }

            line.Add((x, y));
        }

        return [.. line];
    }
}
