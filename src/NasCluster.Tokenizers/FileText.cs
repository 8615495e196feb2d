namespace NasCluster.Tokenizers;

/// <summary>Makes text that came out of a file fit for a one-line message.</summary>
internal static class FileText
{
    private const int LongestQuote = 120;
    private const int LongestLine = 500;

    /// <summary>The text in quotes, with control characters replaced and cut when long.</summary>
    public static string Quote(string text) => $"\"{Shown(text, LongestQuote)}\"";

    /// <summary>The text as one line.</summary>
    public static string OneLine(string text) => Shown(text, LongestLine);

    private static string Shown(string text, int longest)
    {
        var line = string.Create(Math.Min(text.Length, longest), text, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) || text[i] is '\u2028' or '\u2029' ? '?' : text[i];
            }
        });
        return text.Length > longest ? line + "..." : line;
    }
}
