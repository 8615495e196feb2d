using System.Globalization;
using System.Text;

namespace NasCluster.Reporting.Plots;

/// <summary>Writes SVG elements, one a line. Coordinates have two decimals, which is finer than any screen shows.</summary>
internal sealed class SvgWriter(TextWriter writer)
{
    private int _depth;

    public static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture) is var text && text == "-0" ? "0" : text;

    /// <summary>Text that may stand in an element or an attribute; signs XML does not allow are left out.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                < 0x20 and not '\t' and not '\n' or 0xFFFE or 0xFFFF => escaped,
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    public void Raw(string text) => Line(text);

    public void Open(string element, string attributes = "")
    {
        Line(attributes.Length == 0 ? $"<{element}>" : $"<{element} {attributes}>");
        _depth++;
    }

    public void Close(string element)
    {
        _depth--;
        Line($"</{element}>");
    }

    public void Line(string kind, double x1, double y1, double x2, double y2) =>
        Line($"<line class=\"{kind}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>");

    public void Circle(string kind, double x, double y, double radius) =>
        Line($"<circle class=\"{kind}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"/>");

    public void Rectangle(string kind, double x, double y, double width, double height, double radius = 0) => Line(
        $"<rect class=\"{kind}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\""
        + (radius > 0 ? $" rx=\"{Number(radius)}\"/>" : "/>"));

    /// <summary>A path through points; closed when it is to be filled.</summary>
    public void Path(string kind, IReadOnlyList<(double X, double Y)> points, bool closed = false)
    {
        if (points.Count > 0)
        {
            var steps = string.Join('L', points.Select(p => $"{Number(p.X)} {Number(p.Y)}"));
            Line($"<path class=\"{kind}\" d=\"M{steps}{(closed ? "Z" : "")}\"/>");
        }
    }

    /// <summary>Text whose anchor is its start, middle or end.</summary>
    public void Text(string kind, double x, double y, string text, string anchor = "start")
    {
        var placed = anchor == "start" ? "" : $" text-anchor=\"{anchor}\"";
        Line($"<text class=\"{kind}\" x=\"{Number(x)}\" y=\"{Number(y)}\"{placed}>{Escaped(text)}</text>");
    }

    private void Line(string text)
    {
        writer.Write(new string(' ', 2 * _depth));
        writer.Write(text);
        writer.Write('\n');
    }
}
