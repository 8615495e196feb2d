using System.Globalization;
using NasCluster.Reporting.Plots;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>A histogram over time: a row for each range, the darker the more.</summary>
internal static class HeatmapPicture
{
    private const int MostColumns = 60;
    private const double UnderField = 30;

    public static void Draw(SvgWriter svg, PanelData data, double left, double top, double width, double height)
    {
        var ranges = data.Series.Select(s => (Bound: Bound(s.Series.Labels["le"]), s.Series)).OrderBy(r => r.Bound).ToArray();

        // Ranges count everything below them: what lies in one is the difference to the one before.
        var counts = ranges.Select((r, i) => r.Series.Points.ToDictionary(
            p => p.Time, p => Math.Max(0, p.Value - (i == 0 ? 0 : ranges[i - 1].Series.Points.FirstOrDefault(q => q.Time == p.Time).Value)))).ToArray();
        var first = Array.FindIndex(counts, c => c.Values.Any(v => v > 0));
        var last = Array.FindLastIndex(counts, c => c.Values.Any(v => v > 0));
        var field = new Field(data, 0, 1, left, top + 4, width, height - UnderField);
        field.Draw(svg, withLabels: false);
        if (first < 0)
        {
            svg.Text("small", left + (width / 2), top + (height / 2), "no data", "middle");
            return;
        }

        var rows = last - first + 1;
        var most = counts.Max(c => c.Values.DefaultIfEmpty().Max());
        var step = Math.Max(1, data.Seconds(data.To) / MostColumns);
        for (var row = 0; row < rows; row++)
        {
            var (y, tall) = (field.Bottom - (field.Height * (row + 1) / rows), field.Height / rows);
            svg.Text("tick", field.Left - 7, y + (tall / 2) + 4, "≤ " + UnitScale.Text(data.Panel.Unit, ranges[first + row].Bound, null), "end");
            for (var column = 0; column < MostColumns; column++)
            {
                var (from, to) = (column * step, (column + 1) * step);
                var count = counts[first + row].Where(c => data.Seconds(c.Key) >= from && data.Seconds(c.Key) < to).Select(c => c.Value).DefaultIfEmpty().Max();
                if (count > 0 && field.X(to) <= field.Left + field.Width + 1)
                {
                    // The root lets few evaluations be seen beside many.
                    var shade = Math.Sqrt(count / most).ToString("0.##", CultureInfo.InvariantCulture);
                    svg.Open("g", $"fill-opacity=\"{shade}\"");
                    svg.Rectangle("cell", field.X(from) + 0.5, y + 0.5, field.X(to) - field.X(from) - 1, tall - 1);
                    svg.Close("g");
                }
            }
        }

        field.DrawMarks(svg);
    }

    private static double Bound(string le) => le == "+Inf" ? double.PositiveInfinity : double.Parse(le, CultureInfo.InvariantCulture);
}
