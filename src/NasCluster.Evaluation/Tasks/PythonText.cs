namespace NasCluster.Evaluation.Tasks;

/// <summary>What Python means by white space, where it differs from .NET: definitions of tasks are written in it.</summary>
internal static class PythonText
{
    /// <summary><c>str.isspace</c> for one character: .NET's white space and the four separators of ASCII.</summary>
    internal static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary><c>str.rstrip()</c>.</summary>
    internal static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    /// <summary><c>str.strip()</c>.</summary>
    internal static string Trim(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
        {
            start++;
        }

        return TrimEnd(text[start..]);
    }

    /// <summary><c>len(re.split(r"\s+", text))</c>: one more than there are runs of white space, those at the ends included.</summary>
    internal static int CountWords(string text)
    {
        var words = 1;
        for (var i = 0; i < text.Length; i++)
        {
            words += IsSpace(text[i]) && (i == 0 || !IsSpace(text[i - 1])) ? 1 : 0;
        }

        return words;
    }

    /// <summary><c>str.capitalize()</c>, character by character: the first in title case, the others in lower case. Cases of several characters (ß, a final sigma) are left out.</summary>
    internal static string Capitalise(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        return string.Concat(runes.Select((r, i) => (i == 0 ? System.Text.Rune.ToUpperInvariant(r) : System.Text.Rune.ToLowerInvariant(r)).ToString()));
    }
}
