using System.Globalization;
using NasCluster.Reporting.Plots;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>Median hypervolume against evaluations, one line per algorithm.</summary>
/// <param name="Problem">The problem's name.</param>
/// <param name="Population">Trials of the first round.</param>
/// <param name="Curves">Per algorithm of how many searches the median is, and the share of the reference hypervolume after 1, 2, ... evaluations.</param>
internal sealed record EfficiencyChart(string Problem, int Population, (string Name, int Seeds, double[] Medians)[] Curves)
{
    private const double Width = 900;
    private const double Left = 84;
    private const double FieldWidth = 560;
    private const double FieldHeight = 300;
    private const double Top = 110;
    private const double Pitch = 420;

    /// <summary>What the last chart needs less than the pitch.</summary>
    private const double Tail = 48;

    // Below this all searches still have their first round.
    private const double Least = 0.8;

    private static readonly string[] Colours = ["#7a8794", "#d9480f", "#e8a13a", "#2b8a3e", "#845ef7", "#0b62c4", "#15aabf", "#c2255c"];

    private int MostSeeds => Curves.Max(c => c.Seeds);

    private string SeedsInWords => string.Create(CultureInfo.InvariantCulture, $"median of {MostSeeds} seeds")
        + (Curves.All(c => c.Seeds == MostSeeds) ? "" : ", or as many as stand in brackets");

    private static string Sheet => string.Join('\n', Colours.Select((colour, i) =>
        $".nas .line{i}{{fill:none;stroke:{colour};stroke-width:2;stroke-linejoin:round}}"));

    /// <summary>Writes the charts below one another, as one picture.</summary>
    public static void Write(IReadOnlyList<EfficiencyChart> charts, TextWriter writer)
    {
        var svg = new SvgWriter(writer);
        var description = string.Join(' ', charts.Select(c => $"{c.Problem}: {c.SeedsInWords}."));
        SvgPage.Open(svg, Width, Top + (Pitch * charts.Count) - Tail, "Hypervolume against evaluations", description, SvgStyle.Sheet, Sheet);
        foreach (var (place, chart) in charts.Index())
        {
            chart.Draw(svg, Top + (Pitch * place));
        }

        svg.Close("svg");
    }

    private void Draw(SvgWriter svg, double top)
    {
        var most = Curves.Max(c => c.Medians.Length);
        var frame = new SvgFrame(
            Axis.Fixed("evaluations", "evaluations", 0, most, 8), Axis.Fixed("share of the reference hypervolume, median", "share", Least, 1, 8),
            Left, top, FieldWidth, FieldHeight);
        svg.Text("heading", 28, top - 34, string.Create(CultureInfo.InvariantCulture, $"{Problem}: population {Population}, {SeedsInWords}"));
        frame.DrawAxes(svg);
        foreach (var (place, (name, seeds, medians)) in Curves.Index())
        {
            List<(double X, double Y)> line = [.. medians.Index().Where(m => m.Item >= Least).Select(m => (frame.X(m.Index + 1), frame.Y(m.Item)))];
            svg.Path($"line{place % Colours.Length}", line);
            var y = top + 14 + (22 * place);
            svg.Line($"line{place % Colours.Length}", frame.Right + 14, y - 4, frame.Right + 36, y - 4);
            svg.Text("note", frame.Right + 42, y, seeds == MostSeeds ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({seeds})"));
        }
    }
}
