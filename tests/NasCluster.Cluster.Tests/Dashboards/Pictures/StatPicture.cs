using NasCluster.Reporting.Plots;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>Numbers of now, large, in the colour of the threshold they reach.</summary>
internal static class StatPicture
{
    private const int MostShown = 3;

    // An instant query looks back; a series that has ended is gone.
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(5);

    public static void Draw(SvgWriter svg, PanelData data, double left, double top, double width, double height)
    {
        var shown = data.Series.Where(s => s.Series.Points is [.., var last] && last.Time >= data.To - Now)
            .OrderBy(s => s.Name, StringComparer.Ordinal).Take(MostShown).ToArray();
        if (shown.Length == 0)
        {
            svg.Text("small", left + (width / 2), top + (height / 2) + 14, "no data", "middle");
            return;
        }

        for (var i = 0; i < shown.Length; i++)
        {
            var value = shown[i].Series.Points[^1].Value;
            var middle = left + (width * (i + 0.5) / shown.Length);
            var color = data.Panel.Thresholds.Last(t => t.From is not { } from || value >= from).Color;
            svg.Text($"big {color}", middle, top + (height / 2) + 18, data.Panel.WordFor(value) ?? UnitScale.Text(data.Panel.Unit, value, data.Panel.Decimals), "middle");
            svg.Text("small", middle, top + height - 12, shown[i].Name, "middle");
        }
    }
}
