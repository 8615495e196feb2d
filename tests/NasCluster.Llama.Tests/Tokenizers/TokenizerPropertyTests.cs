using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Tokenizers;

public class TokenizerPropertyTests
{
    private const string Llama2 = "tokenizers/llama2/tokenizer.model";

    [Fact]
    public void EncodeThenDecode_AnyBytes_GivesThemBack() => CheckBytes(Letters().Open(), 2000);

    [SharedDataFact(Llama2)]
    public void EncodeThenDecode_AnyBytesWithLlama2_GivesThemBack() => CheckBytes(SentencePieceTokenizer.Open(SharedData.PathOf(Llama2)), 2000);

    [SharedDataFact(Llama2)]
    public void EncodeThenDecode_AnyTextWithLlama2_GivesItBack()
    {
        var tokenizer = SentencePieceTokenizer.Open(SharedData.PathOf(Llama2));
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(s => s is not null && !s.Contains('\u2581')), text =>
        {
            // Half a surrogate pair is no text and reads U+FFFD.
            var expected = Encoding.UTF8.GetBytes(text);
            return tokenizer.Decode(tokenizer.Encode(text)).AsSpan().SequenceEqual(expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void DecodeOfByteTokens_AnyBytes_GivesThemBack()
    {
        var tokenizer = Letters().Open();
        Prop.ForAll<byte[]>(bytes => tokenizer.Decode([.. bytes.Select(b => 3 + b)]).AsSpan().SequenceEqual(bytes)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Encode_AnyText_EqualsTheDirectAlgorithm()
    {
        // Pieces of up to 5 letters over a small alphabet, with many equal scores, so that ties and stale candidates happen all the time.
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            var scores = new Dictionary<string, float>();
            var file = ModelFile.Usual();
            for (var i = 0; i < 40; i++)
            {
                var piece = Word(random, 1 + random.Next(5), round % 2 == 0 ? "abc" : "ab\u2581");
                if (scores.TryAdd(piece, -random.Next(6)))
                {
                    file.Piece(piece, scores[piece]);
                }
            }

            var tokenizer = file.Trainer().Normalizer().Open();
            for (var i = 0; i < 40; i++)
            {
                var text = Word(random, random.Next(30), round % 2 == 0 ? "abc" : "ab ");
                var expected = Direct(text.Length == 0 ? "" : "\u2581" + text.Replace(' ', '\u2581'), scores);
                Assert.Equal(expected, tokenizer.Encode(text).Select(tokenizer.PieceText));
            }
        }
    }

    // Looks at every pair again after every join.
    private static IEnumerable<string> Direct(string text, Dictionary<string, float> scores)
    {
        var symbols = text.Select(c => c.ToString()).ToList();
        while (true)
        {
            var best = -1;
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (scores.TryGetValue(symbols[i] + symbols[i + 1], out var score) && (best < 0 || score > scores[symbols[best] + symbols[best + 1]]))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return symbols.SelectMany(s => scores.ContainsKey(s) ? [s] : Encoding.UTF8.GetBytes(s).Select(b => $"<0x{b:X2}>"));
            }

            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    private static void CheckBytes(SentencePieceTokenizer tokenizer, int rounds)
    {
        var random = new Random(3);
        for (var round = 0; round < rounds; round++)
        {
            // Half of the rounds lean to text, so that pieces, spaces and broken characters meet.
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            for (var i = 0; round % 2 == 0 && i < bytes.Length; i++)
            {
                bytes[i] = random.Next(6) == 0 ? bytes[i] : " the and\n\u00e9\u20ac"u8[random.Next(14)];
            }

            if (bytes.AsSpan().IndexOf("\u2581"u8) < 0)
            {
                Assert.Equal(bytes, tokenizer.Decode(tokenizer.Encode(bytes)));
            }
        }
    }

    private static ModelFile Letters()
    {
        var file = ModelFile.Usual().Piece("\u2581", -1).Piece("\u2581\u2581", -2).Piece("th", -3).Piece("the", -4).Piece("\u2581the", -5).Piece("\u00e9", -6);
        return file.Trainer().Normalizer();
    }

    private static string Word(Random random, int length, string alphabet) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
}
