namespace NasCluster.Reporting.Plots;

/// <summary>The document around a picture.</summary>
internal static class SvgPage
{
    /// <summary>Opens the <c>svg</c> element and draws the card with its title; the caller closes it.</summary>
    public static void Open(SvgWriter svg, double width, double height, string title, string description, params ReadOnlySpan<string> sheets)
    {
        var size = $"width=\"{SvgWriter.Number(width)}\" height=\"{SvgWriter.Number(height)}\" viewBox=\"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}\"";
        svg.Open("svg", $"xmlns=\"http://www.w3.org/2000/svg\" class=\"nas\" {size} role=\"img\"");
        svg.Raw($"<title>{SvgWriter.Escaped(title)}</title>");
        svg.Raw($"<desc>{SvgWriter.Escaped(description)}</desc>");
        svg.Open("style");
        foreach (var sheet in sheets)
        {
            foreach (var line in sheet.ReplaceLineEndings("\n").Split('\n'))
            {
                svg.Raw(line);
            }
        }

        svg.Close("style");
        svg.Rectangle("card", 0.5, 0.5, width - 1, height - 1, radius: 10);
        svg.Text("title", 28, 40, title);
    }
}
