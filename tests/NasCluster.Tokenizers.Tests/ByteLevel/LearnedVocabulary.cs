using System.Text;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

/// <summary>A small vocabulary made as LLaMA-3's is: all bytes, then what joins most often, in that order. And the plainest way to encode with it.</summary>
/// <remarks>Bytes are held as text of Latin-1 letters, one each.</remarks>
internal sealed class LearnedVocabulary
{
    private const string Text =
        "I've told them that they'll have to see the 12345 things, '\u017f and \ud835\udc00\ud835\udc01\ud835\udc00, \ud83d\ude00\ud83d\ude00! The other things there, "
        + "that was that: 2024, 2025.\r\n\r\n    return the <|end_of_text|> <|begin_of_text|> of the end\n\n\u4f60\u597d, \u4f60\u597d\u55ce? "
        + "I'M here, WE'LL be there =====----- aaaaaaaa bbaabbaa \ud835\udfd8\ud835\udfd8\ud83d\ude00the \ud840\udc00\ud840\udc00the the end's end \ufffd\ufffd";

    private readonly Dictionary<string, int> _ranks;
    private readonly Dictionary<string, int> _merges = [];

    private LearnedVocabulary(List<string> tokens)
    {
        Tokens = tokens;
        _ranks = tokens.Select((token, rank) => (token, rank)).ToDictionary(t => t.token, t => t.rank);

        // Every pair that makes a token, by the token's rank and then by those of its parts: how LLaMA-3's tokenizer.json came from its ranks.
        Merges =
        [
            .. tokens.SelectMany(token => Enumerable.Range(1, token.Length - 1)
                .Select(cut => (Left: token[..cut], Right: token[cut..]))
                .Where(pair => _ranks.ContainsKey(pair.Left) && _ranks.ContainsKey(pair.Right))
                .OrderBy(pair => _ranks[pair.Left]).ThenBy(pair => _ranks[pair.Right])),
        ];
        for (var i = 0; i < Merges.Count; i++)
        {
            _merges[$"{Merges[i].Left} {Merges[i].Right}"] = i;
        }
    }

    /// <summary>The tokens in the order of their ranks.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Pairs of tokens that make a token, first joined first.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Learns a vocabulary of all bytes and some joins, and adds some tokens that no joins lead to.</summary>
    public static LearnedVocabulary Learn(int joins = 90)
    {
        var chunks = Llama3Chunks.Of(Text).Select(chunk => ToBytes(chunk).Select(b => $"{b}").ToList()).ToArray();
        var tokens = Enumerable.Range(0, 256).Select(b => $"{(char)b}").ToList();
        for (var i = 0; i < joins; i++)
        {
            var best = chunks.SelectMany(c => c.Zip(c.Skip(1), (a, b) => a + b)).Where(t => !tokens.Contains(t))
                .GroupBy(t => t).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
            tokens.Add(best);
            foreach (var chunk in chunks)
            {
                Join(chunk, (a, b) => a + b == best ? 0 : null);
            }
        }

        return new LearnedVocabulary([.. tokens, " xyzzy", ToBytes(" Vi\u1ec7t"), ToBytes("\ud83d\ude00the")]);
    }

    /// <summary>As tiktoken does: a chunk that is a token is that token, else the pair that makes the lowest rank is joined first, the leftmost of equals.</summary>
    public int[] EncodeByRank(string text) => Encode(text, true, (left, right) => _ranks.TryGetValue(left + right, out var rank) ? rank : null);

    /// <summary>As Hugging Face does: pairs are joined in the order of the list.</summary>
    public int[] EncodeByMerges(string text, bool takesTokens) =>
        Encode(text, takesTokens, (left, right) => _merges.TryGetValue($"{left} {right}", out var order) ? order : null);

    public string ToTiktoken() => string.Concat(Tokens.Select((t, rank) => $"{Convert.ToBase64String(Encoding.Latin1.GetBytes(t))} {rank}\n"));

    private int[] Encode(string text, bool takesTokens, Func<string, string, int?> order)
    {
        var ids = new List<int>();
        foreach (var chunk in Llama3Chunks.Of(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).Select(ToBytes))
        {
            if (takesTokens && _ranks.TryGetValue(chunk, out var whole))
            {
                ids.Add(whole);
                continue;
            }

            var symbols = chunk.Select(b => $"{b}").ToList();
            Join(symbols, order);
            ids.AddRange(symbols.Select(s => _ranks[s]));
        }

        return [.. ids];
    }

    private static void Join(List<string> symbols, Func<string, string, int?> order)
    {
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, symbols.Count - 1))
                .Select(i => (Place: i, Order: order(symbols[i], symbols[i + 1]))).Where(p => p.Order is not null)
                .OrderBy(p => p.Order).ThenBy(p => p.Place).Select(p => (int?)p.Place).FirstOrDefault();
            if (best is not { } place)
            {
                return;
            }

            symbols[place] += symbols[place + 1];
            symbols.RemoveAt(place + 1);
        }
    }

    private static string ToBytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
