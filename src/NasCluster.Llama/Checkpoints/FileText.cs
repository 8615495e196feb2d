using System.Text;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Makes text that came out of a file fit for a one-line message.</summary>
internal static class FileText
{
    private const int LongestQuote = 120;

    /// <summary>The text in quotes, with control characters replaced and cut when long: file names and keys come from strangers.</summary>
    public static string Quote(string text) => $"\"{Clean(text)}\"";

    /// <summary>The text as one line without quotes.</summary>
    public static string OneLine(string text) => Clean(text);

    private static string Clean(string text)
    {
        var clean = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestQuote)))
        {
            clean.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c);
        }

        return text.Length > LongestQuote ? clean.Append("...").ToString() : clean.ToString();
    }
}
