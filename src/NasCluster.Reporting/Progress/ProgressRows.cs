using System.Globalization;
using Spectre.Console;

namespace NasCluster.Reporting.Progress;

/// <summary>The rows that live views are made of.</summary>
internal static class ProgressRows
{
    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>The name, a bar as far as the share done, and the count.</summary>
    public static Paragraph Bar(IProgressSnapshot snapshot, string title, int columns, bool unicode)
    {
        var count = string.Create(CultureInfo.InvariantCulture, $"{snapshot.Done:#,0} of {snapshot.Budget:#,0}  {ProgressLine.Percent(snapshot),3} %");
        var name = title.Length + count.Length + 16 <= columns ? title + "  " : "";
        var length = Math.Max(0, columns - name.Length - count.Length - 2);
        var full = (int)(length * snapshot.Share);
        var (done, left) = unicode ? ('━', '─') : ('#', '.');
        var bar = new Paragraph();
        bar.Append(name, Strong);
        bar.Append(new string(done, full), new Style(Color.Aqua));
        bar.Append(new string(left, length - full), Faint);
        bar.Append(length > 0 ? "  " : "");
        bar.Append(Cut(count, columns));
        return bar;
    }

    /// <summary>A row for each fact, its label faint.</summary>
    public static List<Paragraph> Facts(IReadOnlyList<(string Label, string Value)> facts, int columns)
    {
        // Cut by hand: a fact that wrapped would take rows that something else was promised.
        var labels = facts.Max(f => f.Label.Length) + 3;
        return [.. facts.Select(f => new Paragraph().Append(Cut(f.Label.PadRight(labels), columns), Faint).Append(Cut(f.Value, columns - labels)))];
    }

    private static string Cut(string text, int columns) => columns <= 0 ? "" : text.Length <= columns ? text : text[..columns];
}
