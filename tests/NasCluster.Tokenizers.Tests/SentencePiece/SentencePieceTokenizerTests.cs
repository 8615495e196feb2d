using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;

namespace NasCluster.Tokenizers.Tests.SentencePiece;

/// <summary>Where the library does otherwise than SentencePiece, in its plainest form; <see cref="AgreementTests"/> has the rest.</summary>
public class SentencePieceTokenizerTests
{
    private const int FirstByte = 3;
    private const int FirstPiece = 259;

    [Fact]
    public void Encode_JoinsWithOneScore_AreMadeFromTheLeft() =>
        Assert.Equal([FirstPiece, FirstPiece + 1], Open(ModelFile.Usual().Piece("aa", -1).Piece("a", -2)).Encode("aaa"));

    [Fact]
    public void Encode_MarksAndBytePiecesInText_AreSpelledOut()
    {
        // "s>" and "0>" lead to them if they are let.
        var tokenizer = Open(ModelFile.Usual().Piece("s>", -1).Piece("<s", -1).Piece("0>", -2).Piece("00>", -3).Piece("x00>", -3).Piece("0x00>", -3));
        Assert.Equal([FirstPiece + 1, FirstByte + '>'], tokenizer.Encode("<s>"));
        Assert.Equal([FirstByte + '<', FirstPiece + 5], tokenizer.Encode("<0x00>"));
    }

    [Fact]
    public void Encode_UncoveredCharacters_BecomeBytesWhereverTheirPiecesAre()
    {
        var file = new ModelFile().Piece("<unk>", 0, PieceType.Unknown).Piece("a", -1);
        for (var b = 255; b >= 0; b--)
        {
            file.Piece($"<0x{b:X2}>", 0, PieceType.Byte);
        }

        var tokenizer = Open(file, (41, -1), (42, -1));
        Assert.Equal([1, 2 + 255 - 0xe2, 2 + 255 - 0x82, 2 + 255 - 0xac, 1, 2 + 255], tokenizer.Encode("a\u20aca\0"));
        Assert.Null(tokenizer.BeginningOfSequence);
        Assert.Null(tokenizer.EndOfSequence);
    }

    [Fact]
    public void Encode_HalfAPair_IsTheReplacementCharacter() =>
        Assert.Equal([FirstByte + 0xef, FirstByte + 0xbf, FirstByte + 0xbd], Open(ModelFile.Usual()).Encode("\udc00"));

    [Fact]
    public void Decode_BytesThatAreNoText_AreGivenAsTheyAre() =>
        Assert.Equal([0xff, (byte)'a', 0xc3], Open(ModelFile.Usual()).Decode([1, FirstByte + 0xff, FirstByte + 'a', FirstByte + 0xc3, 2]));

    [Fact]
    public void Encode_UnusedPieceThatNothingLeadsTo_IsSpelledOut() =>
        Assert.Equal([FirstPiece + 1, FirstByte + 'b', FirstByte + 'c'], Open(ModelFile.Usual().Piece("abc", 0, PieceType.Unused).Piece("a", 0)).Encode("abc"));

    [Theory]
    [InlineData(-1)]
    [InlineData(259)]
    public void Decode_IdOutsideVocabulary_NamesIdAndPlace(int id) => Assert.Equal(
        $"Token {id} at place 1 is not in the vocabulary; ids are in [0, 258].",
        Assert.Throws<NasClusterException>(() => Open(ModelFile.Usual()).Decode([3, id])).Message);

    [Fact]
    public void Encode_OnSeveralThreads_GivesWhatOneGives()
    {
        var tokenizer = MlTokenizers.Open(Path.Combine(SharedData.RepositoryRoot, "src/NasCluster.Local/Models/small-world/tokenizer.model"));
        var texts = RandomTexts.Of(seed: 2, 500).ToArray();
        var expected = texts.Select(tokenizer.Encode).ToArray();
        var ids = new int[texts.Length][];
        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => ids[i] = tokenizer.Encode(texts[i]));
        Assert.Equal(expected, ids);
    }

    private static ITokenizer Open(ModelFile file, params (int, int)[] more) =>
        MlTokenizers.Parse(file.Trainer(more: more).Normalizer(dummyPrefix: false).Bytes(), "tok.model");
}
