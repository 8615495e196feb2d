using System.Text;

namespace NasCluster.Repository.Tests;

/// <summary>Just enough of C#'s lexical rules to tell code from comments.</summary>
internal static class CSharpText
{
    /// <summary>The text with comments blanked out; strings stay, since code can stand inside interpolated ones.</summary>
    public static string WithoutComments(string text)
    {
        var code = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] switch
            {
                '/' when At(text, i, "//") => IndexOf(text, "\n", i),
                '/' when At(text, i, "/*") => IndexOf(text, "*/", i + 2) + 2,
                '"' or '\'' => EndOfLiteral(text, i),
                _ => i + 1,
            };
            end = Math.Min(end, text.Length);
            if (text[i] == '/' && end > i + 1)
            {
                code.Append(' ');
            }
            else
            {
                code.Append(text, i, end - i);
            }

            i = end;
        }

        return code.ToString();
    }

    private static int EndOfLiteral(string text, int start)
    {
        if (At(text, start, "\"\"\""))
        {
            var quotes = 3;
            while (start + quotes < text.Length && text[start + quotes] == '"')
            {
                quotes++;
            }

            return IndexOf(text, new string('"', quotes), start + quotes) + quotes;
        }

        var verbatim = text[start] == '"' && (Before(text, start) == '@' || (Before(text, start) == '$' && Before(text, start - 1) == '@'));
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && !verbatim)
            {
                i++;
            }
            else if (text[i] == text[start])
            {
                if (!verbatim || !At(text, i + 1, "\""))
                {
                    return i + 1;
                }

                i++;
            }
            else if (text[i] == '\n' && !verbatim)
            {
                return i;
            }
        }

        return text.Length;
    }

    private static bool At(string text, int index, string what) => string.CompareOrdinal(text, index, what, 0, what.Length) == 0;

    private static char Before(string text, int index) => index > 0 ? text[index - 1] : '\0';

    private static int IndexOf(string text, string what, int from) =>
        text.IndexOf(what, Math.Min(from, text.Length), StringComparison.Ordinal) is var found && found < 0 ? text.Length : found;
}
