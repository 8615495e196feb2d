using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Control.Sharing;
using NasCluster.Reporting.Formatting;
using Spectre.Console;

namespace NasCluster.Reporting.Progress;

/// <summary>The evaluators of a search in a live view: a row for each, as far as there is room.</summary>
internal static class EvaluatorTable
{
    /// <summary>The fewest rows it can be drawn in: its head and one evaluator.</summary>
    public const int SmallestHeight = 2;

    private const int Gap = 2;
    private const int ShortestName = 12;
    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly string[] Heads = ["evaluator", "state", "in hand", "evaluations", "failed", "per second", "loaded"];

    /// <summary>Rows with columns under each other; columns are left out from the right where they do not fit.</summary>
    /// <param name="evaluators">At least one.</param>
    /// <param name="columns">How wide it may be.</param>
    /// <param name="rows">How high it may be; at least <see cref="SmallestHeight"/>. The last row says how many are left out.</param>
    /// <param name="unicode">Whether signs beyond ASCII may be used.</param>
    public static List<Paragraph> Draw(ImmutableArray<EvaluatorRow> evaluators, int columns, int rows, bool unicode)
    {
        var shown = evaluators.Length < rows ? evaluators.Length : Math.Max(1, rows - 2);
        string[][] cells = [Heads, .. evaluators.Take(shown).Select(Cells)];
        var widths = Heads.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        var count = Heads.Length;
        while (count > 1 && ShortestName + widths[1..count].Sum(width => width + Gap) > columns)
        {
            count--;
        }

        widths[0] = Math.Clamp(columns - widths[1..count].Sum(width => width + Gap), 0, widths[0]);
        List<Paragraph> table = [.. cells.Select((row, i) => new Paragraph().Append(Line(row, widths, count, unicode), i == 0 ? Faint : Style.Plain))];
        if (shown < evaluators.Length && table.Count < rows)
        {
            var more = string.Create(CultureInfo.InvariantCulture, $"and {evaluators.Length - shown:#,0} more");
            table.Add(new Paragraph().Append(more[..Math.Min(more.Length, columns)], Faint));
        }

        return table;
    }

    /// <summary>How many there are, and of them how many in each state that some are in.</summary>
    public static string Summary(ImmutableArray<EvaluatorRow> evaluators) => evaluators.IsEmpty ? "none" : string.Join(", ", Enum.GetValues<EvaluatorActivity>()
        .Select(activity => (Activity: activity, Count: evaluators.Count(evaluator => evaluator.Activity == activity)))
        .Where(group => group.Count > 0).OrderByDescending(group => group.Activity == EvaluatorActivity.Busy)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count:#,0} {Word(group.Activity)}")));

    /// <summary>A state as people and scripts read it.</summary>
    public static string Word(EvaluatorActivity activity) => activity switch
    {
        EvaluatorActivity.Draining => "draining",
        EvaluatorActivity.Busy => "busy",
        _ => "idle",
    };

    private static string[] Cells(EvaluatorRow row) =>
    [
        row.Name,
        Word(row.Activity),
        string.Create(CultureInfo.InvariantCulture, $"{row.InHand:#,0} of {row.BatchSize:#,0}"),
        row.Evaluations.ToString("#,0", CultureInfo.InvariantCulture),
        row.Failed.ToString("#,0", CultureInfo.InvariantCulture),
        row.PerSecond is { } rate ? Quantity.Significant(rate, 3) : "unknown",
        row.SuperNetworks.ToString("#,0", CultureInfo.InvariantCulture),
    ];

    private static string Line(string[] row, int[] widths, int count, bool unicode)
    {
        var name = row[0].Length <= widths[0] ? row[0].PadRight(widths[0]) : Shortened(row[0], widths[0], unicode ? "…" : "~");
        var line = name + string.Concat(Enumerable.Range(1, count - 1).Select(column =>
            new string(' ', Gap) + (column == 1 ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]))));
        return line.TrimEnd();
    }

    /// <summary>Without its middle: silos differ at the beginning of a name, devices at its end.</summary>
    private static string Shortened(string name, int width, string mark) =>
        width <= 1 ? name[..width] : name[..(width / 2)] + mark + name[^(width - (width / 2) - 1)..];
}
