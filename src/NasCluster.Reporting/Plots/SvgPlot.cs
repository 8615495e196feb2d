using System.Globalization;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Plots;

/// <summary>
/// A report as an SVG picture: the front with error bars of two standard errors over all evaluated points, and below it how
/// the hypervolume grew over its first value. A front of more than two objectives is shown as one front for each scored objective. It follows the reader's light or dark scheme, names what it shows for screen readers, and each point
/// of the front tells its figures under the pointer. The same report always gives the same bytes.
/// </summary>
public static class SvgPlot
{
    private const double Width = 860;
    private const double Left = 84;
    private const double Right = 36;
    private const double FrontTop = 138;
    private const double FrontHeight = 380;
    private const double HistoryHeight = 130;
    private const double UnderAxis = 58;
    private const double HistoryHeading = 46;

    // A legend of its own, and the heading of its axis.
    private const double BetweenFronts = 58;

    /// <summary>Writes the picture as a document of its own, which may also be put into an HTML page as it is.</summary>
    /// <param name="report">What to draw; the history is left out before the hypervolume is known.</param>
    /// <param name="writer">Where to; nothing is written when the report is refused.</param>
    /// <param name="across">Name of the objective across; null for the first cost.</param>
    /// <param name="up">Name of the objective upwards; null for the first scored one.</param>
    /// <exception cref="ArgumentException">A row has not one finite value per objective, or no objective has the name asked for.</exception>
    public static void Write(FrontReport report, TextWriter writer, string? across = null, string? up = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        report.ThrowIfInconsistent();
        var shown = across is null && up is null ? FrontProjection.Of(report) : [report];
        var gain = HypervolumeGain.Of(report.History);
        var frontBottom = FrontTop + (shown.Length * (FrontHeight + UnderAxis)) + ((shown.Length - 1) * BetweenFronts);
        var height = gain is not null ? frontBottom + HistoryHeading + HistoryHeight + UnderAxis : frontBottom;
        var axes = shown.Select(r => PlotAxes.Of(r.Objectives, across, up)).ToArray();
        var fronts = shown.Select((r, i) => new SvgFrontChart(
            r, axes[i], Left, FrontTop + (i * (FrontHeight + UnderAxis + BetweenFronts)), Width - Left - Right, FrontHeight)).ToArray();
        var title = $"Sub-networks of {report.Model}";

        var svg = new SvgWriter(writer);
        var description = string.Join(' ', shown.Select((r, i) => Description(r, axes[i]))) + HypervolumeWords(report);
        SvgPage.Open(svg, Width, height, title, description, SvgStyle.Sheet);
        svg.Text("note", 28, 62, Subtitle(report));
        for (var i = 0; i < fronts.Length; i++)
        {
            fronts[i].DrawLegend(svg, 28, 90 + (i * (FrontHeight + UnderAxis + BetweenFronts)));
            svg.Open("g");
            fronts[i].Draw(svg);
            svg.Close("g");
        }

        if (gain is { } grown)
        {
            svg.Open("g");
            new SvgHistoryChart(report, grown, Left, frontBottom + HistoryHeading, Width - Left - Right, HistoryHeight).Draw(svg);
            svg.Close("g");
        }

        svg.Close("svg");
    }

    private static string Subtitle(FrontReport report)
    {
        var bars = report.Front.Any(r => r.Values.Any(v => v.StandardError > 0)) ? $" · bars: ± {SvgFrontChart.BarErrors} standard errors" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Evaluations:#,0} of {report.Budget:#,0} evaluations · seed {report.Seed} · {report.Front.Length:#,0} on the Pareto front{bars}");
    }

    private static string Description(FrontReport report, PlotAxes axes)
    {
        var up = report.Objectives[axes.Y];
        var across = axes.X < 0 ? "trial" : Quantity.Words(report.Objectives[axes.X].Name);
        var front = report.Front;
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"{Quantity.Words(up.Name)} against {across} of {report.Rows.Length:#,0} evaluated sub-networks, {front.Length:#,0} of them on the Pareto front.");
        foreach (var index in new[] { axes.Y, axes.X }.Where(i => i >= 0 && !front.IsEmpty))
        {
            var name = report.Objectives[index].Name;
            words += $" {Quantity.Words(name)} on the front: {Quantity.Human(name, front.Min(r => r.Values[index].Value))} to {Quantity.Human(name, front.Max(r => r.Values[index].Value))}.";
        }

        return words;
    }

    private static string HypervolumeWords(FrontReport report) => HypervolumeGain.Of(report.History) is { } gain ? $" Hypervolume {gain}." : "";
}
