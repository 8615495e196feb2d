using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>Cuts texts into chunks for the library: at added tokens, then by one pattern after the other; matches and what lies between are chunks.</summary>
/// <param name="patterns">The patterns, in order.</param>
/// <param name="added">Tokens that are looked for in the text before anything else; of those at one place the longest.</param>
internal sealed class ChunkSplitter(IReadOnlyList<Regex> patterns, IReadOnlyCollection<string> added) : PreTokenizer
{
    private readonly string[] _longestFirst = [.. added.OrderByDescending(a => a.Length)];
    private readonly SearchValues<string> _any = SearchValues.Create([.. added], StringComparison.Ordinal);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var chunks = new List<(int Offset, int Length)>();
        var start = 0;
        while (_longestFirst.Length > 0 && text.AsSpan(start).IndexOfAny(_any) is >= 0 and var before)
        {
            var place = start + before;
            var length = _longestFirst.First(a => text.AsSpan(place).StartsWith(a, StringComparison.Ordinal)).Length;
            Split(text[start..place], start, chunks);
            chunks.Add((place, length));
            start = place + length;
        }

        Split(text[start..], start, chunks);
        return chunks;
    }

    private void Split(string text, int offset, List<(int Offset, int Length)> chunks)
    {
        if (text.Length == 0)
        {
            return;
        }

        var matched = new CodePointText(text);
        List<(int Start, int End)> parts = [(0, matched.Chars.Length)];
        foreach (var pattern in patterns)
        {
            var finer = new List<(int, int)>(parts.Count);
            foreach (var (start, end) in parts)
            {
                Split(matched.Chars.AsSpan(start, end - start), start, pattern, finer);
            }

            parts = finer;
        }

        foreach (var (start, end) in parts)
        {
            var place = matched.PlaceOf(start);
            chunks.Add((offset + place, matched.PlaceOf(end) - place));
        }
    }

    private static void Split(ReadOnlySpan<char> text, int offset, Regex pattern, List<(int Start, int End)> parts)
    {
        var done = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            if (match.Index > done)
            {
                parts.Add((offset + done, offset + match.Index));
            }

            done = match.Index + match.Length;
            parts.Add((offset + match.Index, offset + done));
        }

        if (done < text.Length)
        {
            parts.Add((offset + done, offset + text.Length));
        }
    }
}
