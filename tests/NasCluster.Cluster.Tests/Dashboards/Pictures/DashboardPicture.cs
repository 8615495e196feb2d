using System.Collections.Immutable;
using NasCluster.Reporting.Plots;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>A dashboard with what its panels showed over a time, as one SVG: laid out as Grafana lays it out, so that a person can judge it.</summary>
internal static class DashboardPicture
{
    private const int Columns = 24;
    private const double ColumnWidth = 54;
    private const double LineHeight = 34;
    private const double Margin = 16;
    private const double Head = 84;
    private const double Gap = 6;
    private const double TitleHeight = 34;
    private static readonly TimeSpan MarkGap = TimeSpan.FromSeconds(2);

    /// <summary>Draws it.</summary>
    /// <param name="dashboard">The dashboard.</param>
    /// <param name="prometheus">Whom to ask.</param>
    /// <param name="from">Begin of the time shown.</param>
    /// <param name="to">Its end, which is now to the panels.</param>
    public static async Task<string> DrawAsync(ShippedDashboard dashboard, PrometheusServer prometheus, DateTimeOffset from, DateTimeOffset to)
    {
        var marks = ImmutableArray.CreateBuilder<DateTimeOffset>();
        foreach (var (_, expression) in dashboard.Annotations)
        {
            marks.AddRange((await prometheus.RangeAsync(expression, from, to)).SelectMany(Begins));
        }

        using var text = new StringWriter { NewLine = "\n" };
        var svg = new SvgWriter(text);
        var panels = await PlacedAsync(dashboard, prometheus, from, to);
        var height = Head + (LineHeight * panels.Max(p => p.Y + p.Panel.Place.Height)) + Margin;
        SvgPage.Open(svg, (Columns * ColumnWidth) + (2 * Margin), height, dashboard.Title, dashboard.Description, SvgStyle.Sheet, PictureStyle.Sheet);
        svg.Text("note", 28, 64, $"{dashboard.Description} Minutes and seconds across; dashed red lines upright are silos that died, those that lie are thresholds.");
        foreach (var (panel, objective, x, y) in panels)
        {
            var (left, top) = (Margin + (x * ColumnWidth) + (Gap / 2), Head + (y * LineHeight) + (Gap / 2));
            var (width, tall) = ((panel.Place.Width * ColumnWidth) - Gap, (panel.Place.Height * LineHeight) - Gap);
            if (panel.Kind == "row")
            {
                svg.Text("row", left + 4, top + 20, panel.Title);
                continue;
            }

            var series = ImmutableArray.CreateBuilder<(string, TimeSeries)>();
            foreach (var (expression, legend) in panel.QueriesFor(objective))
            {
                series.AddRange((await prometheus.RangeAsync(expression, from, to)).Where(s => !s.Points.IsEmpty).Select(s => (SeriesName.Of(legend, s), s)));
            }

            var data = new PanelData(panel, panel.TitleFor(objective), series.ToImmutable(), from, to, marks.ToImmutable());
            svg.Open("g");
            svg.Rectangle("card", left, top, width, tall, radius: 5);
            svg.Text("heading", left + 12, top + 22, data.Title);
            Drawing(panel.Kind)(svg, data, left, top + TitleHeight, width, tall - TitleHeight);
            svg.Close("g");
        }

        svg.Close("svg");
        return text.ToString();
    }

    private static Action<SvgWriter, PanelData, double, double, double, double> Drawing(string kind) => kind switch
    {
        "stat" => StatPicture.Draw,
        "timeseries" => LinesPicture.Draw,
        "heatmap" => HeatmapPicture.Draw,
        _ => throw new NotSupportedException($"Panels of the kind '{kind}' cannot be drawn."),
    };

    /// <summary>Panels with their places, in columns and lines; a repeated one once for each value.</summary>
    private static async Task<ImmutableArray<(DashboardPanel Panel, string? Value, int X, int Y)>> PlacedAsync(
        ShippedDashboard dashboard, PrometheusServer prometheus, DateTimeOffset from, DateTimeOffset to)
    {
        var placed = ImmutableArray.CreateBuilder<(DashboardPanel, string?, int, int)>();
        foreach (var panel in dashboard.Panels)
        {
            if (panel.Repeated is not { } name)
            {
                placed.Add((panel, null, panel.Place.X, panel.Place.Y));
                continue;
            }

            var (_, expression, label) = dashboard.Variables.Single(v => v.Name == name);
            var values = (await prometheus.RangeAsync(expression, from, to)).Select(s => s.Labels[label]).Distinct().Order(StringComparer.Ordinal).ToArray();
            var perLine = Columns / panel.Place.Width;
            for (var i = 0; i < values.Length; i++)
            {
                placed.Add((panel, values[i], panel.Place.Width * (i % perLine), panel.Place.Y + (panel.Place.Height * (i / perLine))));
            }
        }

        return placed.ToImmutable();
    }

    private static IEnumerable<DateTimeOffset> Begins(TimeSeries series) =>
        series.Points.Where((p, i) => i == 0 || p.Time - series.Points[i - 1].Time > MarkGap).Select(p => p.Time);
}
