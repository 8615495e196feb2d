using System.Text;
using NasCluster.Core;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Tokenizers;

public class SentencePieceTokenizerTests
{
    [Fact]
    public void Encode_Merges_TakesBestScoreThenLeftmost()
    {
        var tokenizer = ModelFile.Usual().Piece("ab", -2).Piece("bc", -1).Piece("aa", -3).Piece("aaa", -4).Piece("a", -9).Piece("b", -9).Piece("c", -9)
            .Trainer().Normalizer(dummyPrefix: false).Open();
        Assert.Equal(["a", "bc"], Pieces(tokenizer, "abc"));
        Assert.Equal(["aa", "ab"], Pieces(tokenizer, "aaab"));
        Assert.Equal(["aa", "aaa"], Pieces(tokenizer, "aaaaa"));
        Assert.Equal(["aaa"], Pieces(tokenizer, "aaa"));
    }

    [Fact]
    public void Encode_UncoveredCharacters_BecomeBytes()
    {
        var tokenizer = ModelFile.Usual().Piece("\u2581", -1).Trainer().Normalizer().Open();
        Assert.Equal(["\u2581", "<0xE2>", "<0x82>", "<0xAC>", "<0x78>"], Pieces(tokenizer, "€x"));
    }

    [Fact]
    public void Encode_WithoutByteFallback_JoinsUnknownsIntoOne()
    {
        var tokenizer = ModelFile.Usual(bytes: false).Piece("a", -1).Trainer(byteFallback: false).Normalizer(dummyPrefix: false).Open();
        Assert.Equal([0, 3, 0], tokenizer.Encode("xyzaqq"));
        Assert.Equal([0, 3, 0, 3], tokenizer.Encode("x x y x x a x x a"));
        Assert.Equal(" \u2047 a", Encoding.UTF8.GetString(tokenizer.Decode([0, 3])));
    }

    [Fact]
    public void Encode_UserDefinedSymbol_IsMatchedFirstAndLongest()
    {
        var tokenizer = ModelFile.Usual().Piece("<a>", 0, PieceType.UserDefined).Piece("<a><b>", 0, PieceType.UserDefined)
            .Piece("x<", 5).Piece("x", -1).Piece(">x", 5).Trainer().Normalizer(dummyPrefix: false).Open();
        Assert.Equal(["x", "<a>", "x"], Pieces(tokenizer, "x<a>x"));
        Assert.Equal(["<a><b>", "<a>"], Pieces(tokenizer, "<a><b><a>"));
        Assert.Equal(["x<", "<0x61>", "<0x62>"], Pieces(tokenizer, "x<ab"));
    }

    [Fact]
    public void Encode_ControlPieceInText_IsSpelledOut()
    {
        var tokenizer = ModelFile.Usual().Trainer().Normalizer(dummyPrefix: false).Open();
        Assert.Equal(["<0x3C>", "<0x73>", "<0x3E>"], Pieces(tokenizer, "<s>"));
        Assert.Equal("<0x0A>", Encoding.UTF8.GetString(tokenizer.Decode(tokenizer.Encode("<0x0A>"))));
    }

    [Fact]
    public void Encode_UnusedPiece_FallsApartUnlessItLeadsFurther()
    {
        var tokenizer = ModelFile.Usual().Piece("ab", -1, PieceType.Unused).Piece("abc", -2).Piece("a", -9).Piece("b", -9).Piece("c", -9)
            .Trainer().Normalizer(dummyPrefix: false).Open();
        Assert.Equal(["abc"], Pieces(tokenizer, "abc"));
        Assert.Equal(["a", "b", "a"], Pieces(tokenizer, "aba"));
    }

    [Fact]
    public void Encode_Spaces_FollowsTheModelsSettings()
    {
        var kept = ModelFile.Usual().Piece("\u2581", -1).Piece("\u2581\u2581", -2).Piece("a", -3).Trainer().Normalizer().Open();
        Assert.Equal(["\u2581\u2581", "a", "\u2581\u2581", "a", "\u2581"], Pieces(kept, " a  a "));
        Assert.Empty(kept.Encode(""));
        Assert.Equal(["\u2581\u2581"], Pieces(kept, " "));

        var removed = ModelFile.Usual().Piece("\u2581", -1).Piece("a", -3).Trainer().Normalizer(removeExtra: true).Open();
        Assert.Equal(["\u2581", "a", "\u2581", "a"], Pieces(removed, "  a   a "));
        Assert.Empty(removed.Encode("   "));
        Assert.Equal("a a", Encoding.UTF8.GetString(removed.Decode(removed.Encode("  a   a "))));
    }

    [Fact]
    public void Encode_PieceWithSpaceInside_IsFoundAcrossWords()
    {
        var tokenizer = ModelFile.Usual().Piece("\u2581", -5).Piece("a\u2581", -2).Piece("a\u2581b", -1).Trainer().Normalizer(dummyPrefix: false).Open();
        Assert.Equal(["a\u2581b"], Pieces(tokenizer, "a b"));
    }

    [Fact]
    public void Decode_DropsControlPiecesAndOneLeadingSpace()
    {
        var tokenizer = ModelFile.Usual().Piece("\u2581a", -1).Piece("\u2581\u2581", -2).Trainer().Normalizer().Open();
        int a = tokenizer.Encode("a").Single(), spaces = tokenizer.VocabularySize - 1;
        Assert.Equal("a a", Encoding.UTF8.GetString(tokenizer.Decode([1, a, a, 2])));
        Assert.Equal("  a", Encoding.UTF8.GetString(tokenizer.Decode([spaces, a])));
        Assert.Equal([0xff, (byte)' ', (byte)'a'], tokenizer.Decode([3 + 0xff, a]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(259)]
    public void Decode_IdOutsideVocabulary_NamesIdAndPlace(int id)
    {
        var e = Assert.Throws<NasClusterException>(() => ModelFile.Usual().Trainer().Normalizer().Open().Decode([3, id]));
        Assert.Equal($"Token {id} at place 1 is not in the vocabulary; ids are in [0, 258].", e.Message);
    }

    [Fact]
    public void Parse_NoBeginningOrEnd_HasNone()
    {
        var tokenizer = ModelFile.Usual().Trainer(more: [(41, -1), (42, -1)]).Normalizer().Open();
        Assert.Null(tokenizer.BeginningOfSequence);
        Assert.Null(tokenizer.EndOfSequence);
    }

    [Fact]
    public void Fingerprint_OtherFile_Differs()
    {
        Assert.NotEqual(
            ModelFile.Usual().Piece("a", -1).Trainer().Normalizer().Open().Fingerprint,
            ModelFile.Usual().Piece("b", -1).Trainer().Normalizer().Open().Fingerprint);
        Assert.Matches("^[0-9a-f]{64}$", ModelFile.Usual().Trainer().Normalizer().Open().Fingerprint);
    }

    private static string[] Pieces(SentencePieceTokenizer tokenizer, string text) => [.. tokenizer.Encode(text).Select(tokenizer.PieceText)];

    [Fact]
    public void Encode_ManyTextsOnSeveralThreads_GivesWhatAFreshTokenizerGives()
    {
        // More distinct words than are remembered, and each text twice.
        var file = ModelFile.Usual().Piece("\u2581", -1).Piece("1", -2).Piece("2", -3).Piece("12", -1).Piece("\u25811", -1).Trainer().Normalizer();
        var tokenizer = file.Open();
        var texts = Enumerable.Range(0, 400).Select(i => string.Join(' ', Enumerable.Range(i % 200 * 400, 400))).ToArray();
        var ids = new int[texts.Length][];

        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => ids[i] = tokenizer.Encode(texts[i]));

        Assert.Equal(ids[..200], ids[200..]);
        foreach (var i in new[] { 0, 7, 199 })
        {
            Assert.Equal(file.Open().Encode(texts[i]), ids[i]);
        }
    }
}
