using System.Text;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;
using Portable = NasCluster.Llama.Tokenizers.SentencePieceTokenizer;

namespace NasCluster.Tokenizers.Tests.SentencePiece;

/// <summary>The portable tokenizer is written from SentencePiece's rules and held to its published vectors; this one must make the same ids.</summary>
public class AgreementTests
{
    private const string Stories = "models/stories260K/tok512.model";
    private const string Llama2 = "tokenizers/llama2/tokenizer.model";

    /// <summary>20,000 texts; NASCLUSTER_TEXTS=1000000 tries that many.</summary>
    [SharedDataFact(Stories)]
    public void Encode_RandomTextsWithStories_AgreesWithThePortableTokenizer() => Check(SharedData.PathOf(Stories), RandomTexts.Count(20_000));

    /// <summary>20,000 texts; NASCLUSTER_TEXTS=1000000 tries that many.</summary>
    [Fact]
    public void Encode_RandomTextsWithTheShippedVocabulary_AgreesWithThePortableTokenizer() =>
        Check(Path.Combine(SharedData.RepositoryRoot, "src/NasCluster.Local/Models/small-world/tokenizer.model"), RandomTexts.Count(20_000));

    /// <summary>20,000 texts; NASCLUSTER_TEXTS=1000000 tries that many.</summary>
    [SharedDataFact(Llama2)]
    public void Encode_RandomTextsWithLlama2_AgreesWithThePortableTokenizer() => Check(SharedData.PathOf(Llama2), RandomTexts.Count(20_000));

    [SharedDataFact(Llama2, "corpora/wikitext2/wiki.test.raw")]
    public void Encode_WholeCorpusWithLlama2_AgreesWithThePortableTokenizer()
    {
        var text = File.ReadAllText(SharedData.PathOf("corpora/wikitext2/wiki.test.raw"));
        var ids = MlTokenizers.Open(SharedData.PathOf(Llama2)).Encode(text);
        Assert.Equal(Portable.Open(SharedData.PathOf(Llama2)).Encode(text), ids);
        Assert.Equal(text, Encoding.UTF8.GetString(MlTokenizers.Open(SharedData.PathOf(Llama2)).Decode(ids)));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void Encode_RandomVocabularies_AgreesWithThePortableTokenizer(bool removeExtra, bool dummyPrefix, bool byteFallback)
    {
        // Pieces of up to 5 letters over a small alphabet with many equal scores, so that ties happen all the time; spaces within pieces in every third.
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            var alphabet = (round % 3) switch { 0 => "ab\u2581", 1 => "abc", _ => "a\u20ac<" };
            var file = ModelFile.Usual(byteFallback);
            var seen = new HashSet<string>();
            for (var i = 0; i < 40; i++)
            {
                var piece = Word(random, 1 + random.Next(5), alphabet);
                if (seen.Add(piece))
                {
                    file.Piece(piece, -random.Next(6), random.Next(8) == 0 ? PieceType.UserDefined : PieceType.Normal);
                }
            }

            var bytes = file.Trainer(byteFallback: byteFallback).Normalizer(dummyPrefix, removeExtra).Bytes();
            var (own, portable) = (MlTokenizers.Parse(bytes, "tok.model"), Portable.Parse(bytes, "tok.model"));
            for (var i = 0; i < 40; i++)
            {
                Check(own, portable, Word(random, random.Next(30), alphabet + " "));
            }
        }
    }

    [Fact]
    public void Encode_LongTexts_AgreesWhereverTheyAreCut()
    {
        // Longer than what the library is given at once, with and without a place to cut.
        var random = new Random(6);
        var words = ModelFile.Usual().Piece("\u2581", -1).Piece("ab", -2).Piece("\u2581a", -3).Piece("\u2581\u2581", -2).Trainer().Normalizer().Bytes();
        var inner = ModelFile.Usual().Piece("\u2581", -1).Piece("b\u2581", -2).Piece("b\u2581a", -1).Trainer().Normalizer().Bytes();
        foreach (var file in new[] { words, inner })
        {
            var (own, portable) = (MlTokenizers.Parse(file, "tok.model"), Portable.Parse(file, "tok.model"));
            foreach (var alphabet in new[] { "ab ", "ab", " " })
            {
                Check(own, portable, Word(random, 50_000, alphabet));
            }
        }
    }

    private static void Check(string file, int count)
    {
        var (own, portable) = (MlTokenizers.Open(file), Portable.Open(file));
        foreach (var text in RandomTexts.Of(seed: 1, count))
        {
            Check(own, portable, text);
        }
    }

    private static void Check(ITokenizer own, Portable portable, string text)
    {
        var ids = own.Encode(text);
        if (!ids.AsSpan().SequenceEqual(portable.Encode(text)))
        {
            Assert.Fail($"{System.Text.Json.JsonSerializer.Serialize(text)}: {string.Join(' ', ids)} instead of {string.Join(' ', portable.Encode(text))}");
        }

        Assert.True(own.Decode(ids).AsSpan().SequenceEqual(portable.Decode(ids)), text);
    }

    private static string Word(Random random, int length, string alphabet) => new([.. Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)])]);
}
