using System.Globalization;
using System.Text;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

/// <summary>LLaMA-3's pattern as a plain walk over characters: the oracle of what the library is given.</summary>
internal static class Llama3Chunks
{
    private static readonly string[] Endings = ["s", "t", "re", "ve", "m", "ll", "d"];

    /// <summary>The chunks of a well-formed text, which together are the text.</summary>
    public static List<string> Of(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var chunks = new List<string>();
        for (var start = 0; start < runes.Length;)
        {
            var length = Length(runes.AsSpan(start));
            chunks.Add(string.Concat(runes[start..(start + length)]));
            start += length;
        }

        return chunks;
    }

    // In the order of the pattern's alternatives.
    private static int Length(ReadOnlySpan<Rune> text)
    {
        if (text[0].Value == '\'' && Ending(text[1..]) is > 0 and var ending)
        {
            return 1 + ending;
        }

        var before = !IsLetter(text[0]) && !IsNumber(text[0]) && !IsLineBreak(text[0]) ? 1 : 0;
        if (Run(text[before..], IsLetter) is > 0 and var letters)
        {
            return before + letters;
        }

        if (IsNumber(text[0]))
        {
            return Math.Min(3, Run(text, IsNumber));
        }

        var space = text[0].Value == ' ' ? 1 : 0;
        if (Run(text[space..], IsOther) is > 0 and var others)
        {
            return space + others + Run(text[(space + others)..], IsLineBreak);
        }

        // Only white space is left: up to its last line break; else all but the last before something; else all.
        var white = Run(text, Rune.IsWhiteSpace);
        for (var i = white; i > 0; i--)
        {
            if (IsLineBreak(text[i - 1]))
            {
                return i;
            }
        }

        return white == text.Length || white == 1 ? white : white - 1;
    }

    private static int Ending(ReadOnlySpan<Rune> text)
    {
        foreach (var ending in Endings)
        {
            var fits = ending.Length <= text.Length;
            for (var i = 0; fits && i < ending.Length; i++)
            {
                // The long s is a lower case of S.
                fits = text[i].Value == ending[i] || text[i].Value == ending[i] - 'a' + 'A' || (ending[i] == 's' && text[i].Value == 0x17f);
            }

            if (fits)
            {
                return ending.Length;
            }
        }

        return 0;
    }

    private static int Run(ReadOnlySpan<Rune> text, Func<Rune, bool> isIn)
    {
        var length = 0;
        while (length < text.Length && isIn(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsLetter(Rune c) => Rune.IsLetter(c);

    private static bool IsNumber(Rune c) =>
        Rune.GetUnicodeCategory(c) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsLineBreak(Rune c) => c.Value is '\r' or '\n';

    private static bool IsOther(Rune c) => !Rune.IsWhiteSpace(c) && !IsLetter(c) && !IsNumber(c);
}
