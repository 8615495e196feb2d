using System.Text;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Llama.Tests.Tokenizers;

public class SentencePieceFileTests
{
    private static readonly string[] Pieces = [" dog", " dogs", "s", " a", ".", "\n", "\nAnswer:", " {"];

    [Fact]
    public void OfWords_Text_IsCutLongestFirstAndComesBack()
    {
        var tokenizer = Open(16);

        var ids = tokenizer.Encode("a dogs {.\nAnswer: dog\n");

        Assert.Equal(["▁a", "▁dogs", "▁{", ".", "\nAnswer:", "▁dog", "\n"], ids.Select(tokenizer.PieceText));
        Assert.Equal([6, 4, 10, 7, 9, 3, 8], ids);
        Assert.Equal("a dogs {.\nAnswer: dog\n", Encoding.UTF8.GetString(tokenizer.Decode(ids)));
    }

    [Fact]
    public void OfWords_TextNoPieceCovers_IsUnknownAndNeverAPaddingPiece()
    {
        var tokenizer = Open(16);
        Assert.Equal([6, 0], tokenizer.Encode("a xyz"));

        // Of these only the letter s is a piece.
        Assert.Equal([0, 5, 0], tokenizer.Encode("<unused12>"));
        Assert.Equal([0, 5, 0], tokenizer.Encode("<s>"));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(512)]
    public void OfWords_Size_IsTheNumberOfIdsWithTheUsualMarks(int size)
    {
        var tokenizer = Open(size);
        Assert.Equal((size, 1, 2), (tokenizer.VocabularySize, tokenizer.BeginningOfSequence, tokenizer.EndOfSequence));
    }

    [Fact]
    public void OfWords_SamePieces_GiveTheSameFile() => Assert.Equal(SentencePieceFile.OfWords(Pieces, 16), SentencePieceFile.OfWords(Pieces, 16));

    [Theory]
    [InlineData("8 pieces and three marks", 10, "")]
    [InlineData("empty", 16, "+")]
    [InlineData("'.' is there twice", 16, "+.")]
    [InlineData("'</s>' is there twice", 16, "+</s>")]
    public void OfWords_BadPieces_AreRefused(string said, int size, string more)
    {
        string[] pieces = more.Length == 0 ? Pieces : [.. Pieces, more[1..]];
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => SentencePieceFile.OfWords(pieces, size)).Message, StringComparison.Ordinal);
    }

    private static SentencePieceTokenizer Open(int size) => SentencePieceTokenizer.Parse(SentencePieceFile.OfWords(Pieces, size), "words.model");
}
