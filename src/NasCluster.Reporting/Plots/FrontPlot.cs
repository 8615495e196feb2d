using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;
using NasCluster.Reporting.Fronts;
using Spectre.Console;

namespace NasCluster.Reporting.Plots;

/// <summary>
/// Two objectives of a search as a small text plot: every evaluated point dim, the front bright and in a sign of its own, so
/// that it also stands out without colours.
/// </summary>
public static class FrontPlot
{
    /// <summary>Fewest columns a plot can be read in.</summary>
    public const int SmallestWidth = 30;

    /// <summary>Fewest rows a plot can be read in.</summary>
    public const int SmallestHeight = 8;

    private const char BrailleBlank = '\u2800';
    private const int RowsBesideField = 4;

    /// <summary>Draws points as lines of text, each ended by a line feed.</summary>
    /// <param name="objectives">The search's objectives. With one alone, the trial's number runs across.</param>
    /// <param name="points">The evaluated points, in any order.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentException">There is no objective, or none of the name asked for.</exception>
    public static string Render(ImmutableArray<Objective> objectives, ImmutableArray<EvaluatedPoint> points, FrontPlotOptions? options = null) =>
        Draw(objectives, points, options ?? new FrontPlotOptions()).ToString();

    /// <summary>Draws a report's points as lines of text, each ended by a line feed.</summary>
    /// <param name="report">The report.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentException">A row does not fit the objectives, or none has the name asked for.</exception>
    public static string Render(FrontReport report, FrontPlotOptions? options = null) => Draw(report, options).ToString();

    /// <summary>Draws a report's points on a console, in colours where it has them.</summary>
    /// <param name="console">Where to; a plot wider than the console is cut.</param>
    /// <param name="report">The report.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentException">A row does not fit the objectives, or none has the name asked for.</exception>
    public static void Write(IAnsiConsole console, FrontReport report, FrontPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.Write(Draw(report, options));
    }

    private static TextPlot Draw(FrontReport report, FrontPlotOptions? options)
    {
        ArgumentNullException.ThrowIfNull(report);
        report.ThrowIfInconsistent();
        return Draw(report.Objectives, report.Points, options ?? new FrontPlotOptions());
    }

    internal static TextPlot Draw(ImmutableArray<Objective> objectives, ImmutableArray<EvaluatedPoint> points, FrontPlotOptions options)
    {
        var width = Math.Max(SmallestWidth, options.Width);
        var height = Math.Max(SmallestHeight, options.Height);
        var axes = PlotAxes.Of(objectives, options.Across, options.Up);
        var x = points.Select(p => axes.AcrossOf(p.Trial, p.Values)).ToArray();
        var y = points.Select(p => p.Values[axes.Y].Value).ToArray();
        var rows = height - RowsBesideField;
        var up = Axis.ForObjective(objectives[axes.Y], y, Math.Max(2, rows / 3));
        var left = up.Labels.Select(l => l.Length).DefaultIfEmpty().Max() + 2;
        var columns = width - left;
        var across = axes.AcrossAxis(objectives, x, Math.Max(2, columns / 12));

        var plot = new TextPlot(width, height);
        plot.Put(0, 0, up.Title);
        DrawAxes(plot, up, across, left, rows, options.Unicode);
        DrawPoints(plot, points, index => (across.Place(x[index]), up.Place(y[index])), left, rows, columns, options.Unicode);

        var legend = Legend(points, options.Unicode);
        plot.Put(0, height - 1, legend);
        plot[0, height - 1] = plot[0, height - 1] with { Tone = TextTone.Bright };

        // Where there is no room for both, which way is better goes first, then the rest of the name: signs nobody can read are worth less.
        var room = width - legend.Length - 2;
        var title = across.Title.Length <= room ? across.Title : axes.X >= 0 ? Quantity.Words(objectives[axes.X].Name) : across.Title;
        title = title[..Math.Clamp(room, 0, title.Length)];
        plot.Put(width - title.Length, height - 1, title);

        return plot;
    }

    private static void DrawAxes(TextPlot plot, Axis up, Axis across, int left, int rows, bool unicode)
    {
        var (line, tick, corner, floor, floorTick) = unicode ? ('│', '┤', '└', '─', '┬') : ('|', '+', '+', '-', '+');
        for (var row = 0; row < rows; row++)
        {
            plot.Put(left - 1, row + 1, $"{line}");
        }

        for (var i = 0; i < up.Ticks.Length; i++)
        {
            var row = 1 + Cell(1 - up.Place(up.Ticks[i]), rows);
            plot.Put(left - 2 - up.Labels[i].Length, row, $"{up.Labels[i]} {tick}");
        }

        var columns = plot.Width - left;
        plot.Put(left - 1, rows + 1, corner + new string(floor, columns));
        var free = 0;
        for (var i = 0; i < across.Ticks.Length; i++)
        {
            var column = left + Cell(across.Place(across.Ticks[i]), columns);
            plot.Put(column, rows + 1, $"{floorTick}");
            var start = Math.Clamp(column - (across.Labels[i].Length / 2), 0, plot.Width - across.Labels[i].Length);
            if (start >= free)
            {
                plot.Put(start, rows + 2, across.Labels[i]);
                free = start + across.Labels[i].Length + 1;
            }
        }
    }

    private static void DrawPoints(
        TextPlot plot, ImmutableArray<EvaluatedPoint> points, Func<int, (double Across, double Up)> place, int left, int rows, int columns, bool unicode)
    {
        // Points of the front come last and take the whole cell, so that none is hidden among the others.
        foreach (var onFront in new[] { false, true })
        {
            for (var i = 0; i < points.Length; i++)
            {
                if (points[i].OnFront != onFront)
                {
                    continue;
                }

                var (across, up) = place(i);
                var column = left + Cell(across, columns);
                var row = 1 + Cell(1 - up, rows);
                plot[column, row] = onFront ? new TextCell(unicode ? '●' : '*', TextTone.Bright)
                    : unicode ? new TextCell(WithDot(plot[column, row].Character, Cell(across, columns * 2) % 2, Cell(1 - up, rows * 4) % 4), TextTone.Dim)
                    : new TextCell('.', TextTone.Dim);
            }
        }
    }

    private static string Legend(ImmutableArray<EvaluatedPoint> points, bool unicode)
    {
        var front = points.Count(p => p.OnFront);
        var (bright, dim) = unicode ? ("●", "⠂") : ("*", ".");
        FormattableString legend = $"{bright} front {front:#,0}  {dim} others {points.Length - front:#,0}";
        return legend.ToString(CultureInfo.InvariantCulture);
    }

    private static int Cell(double place, int cells) => Math.Clamp((int)(place * cells), 0, cells - 1);

    // Braille cells number their dots down the left column, then down the right, but the bottom row came later: bits 6 and 7.
    private static char WithDot(char cell, int column, int row)
    {
        var bit = row == 3 ? 6 + column : row + (3 * column);
        var dots = cell is >= BrailleBlank and <= '\u28FF' ? cell : BrailleBlank;
        return (char)(dots | (1 << bit));
    }
}
