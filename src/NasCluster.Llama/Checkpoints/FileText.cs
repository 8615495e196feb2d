using System.Text;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Makes text that came out of a file fit for a one-line message.</summary>
internal static class FileText
{
    private const int LongestQuote = 120;
    private const int LongestLine = 500;

    /// <summary>The text in quotes, with control characters replaced and cut when long: file names and keys come from strangers.</summary>
    public static string Quote(string text) => $"\"{Clean(text, LongestQuote)}\"";

    /// <summary>The text as one line without quotes.</summary>
    public static string OneLine(string text) => Clean(text, LongestLine);

    private static string Clean(string text, int longest)
    {
        var clean = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            clean.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c);
        }

        return text.Length > longest ? clean.Append("...").ToString() : clean.ToString();
    }
}
