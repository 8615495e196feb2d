using NasCluster.Core;
using NasCluster.Testing;
using NasCluster.Tokenizers.Tests.ByteLevel;

namespace NasCluster.Tokenizers.Tests;

public class MlTokenizersTests
{
    private static readonly byte[] SentencePiece = ModelFile.Usual().Trainer().Normalizer().Bytes();
    private static readonly byte[] Tiktoken = System.Text.Encoding.UTF8.GetBytes(LearnedVocabulary.Learn(10).ToTiktoken());
    private static readonly byte[] Json = LearnedJson.Bytes(LearnedJson.Of(LearnedVocabulary.Learn(20)));

    [Fact]
    public void Open_Directory_TakesTheFirstOfItsTokenizers()
    {
        using var folder = new TemporaryDirectory();
        var e = Assert.Throws<NasClusterException>(() => MlTokenizers.Open(folder.Root));
        Assert.Equal($"{folder.Root}: no tokenizer inside; it must hold one of tokenizer.model, tokenizer.json, original/tokenizer.model.", e.Message);

        Directory.CreateDirectory(Path.Combine(folder.Root, "original"));
        folder.Write("original/tokenizer.model", Tiktoken);
        Assert.Equal(256 + 10 + 3 + 256, MlTokenizers.Open(folder.Root).VocabularySize);
        folder.Write("tokenizer.json", Json);
        Assert.Equal(256 + 20 + 3 + 3, MlTokenizers.Open(folder.Root).VocabularySize);
        folder.Write("tokenizer.model", SentencePiece);
        Assert.Equal(259, MlTokenizers.Open(folder.Root).VocabularySize);
        Assert.Equal(256 + 20 + 3 + 3, MlTokenizers.Open(Path.Combine(folder.Root, "tokenizer.json")).VocabularySize);
    }

    [Fact]
    public void Parse_AnyFormat_IsToldByContentWhateverTheName()
    {
        Assert.Equal(259, MlTokenizers.Parse(SentencePiece, "x.json").VocabularySize);
        Assert.Equal(256 + 10 + 3 + 256, MlTokenizers.Parse(Tiktoken, "x.json").VocabularySize);
        Assert.Equal(256 + 20 + 3 + 3, MlTokenizers.Parse([0xef, 0xbb, 0xbf, (byte)'\n', .. Json], "x.model").VocabularySize);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n")]
    public void Parse_Nothing_IsNoTokenizer(string text) => Assert.StartsWith(
        "x.model: no tokenizer; a file must be", Assert.Throws<NasClusterException>(() => MlTokenizers.Parse([.. text.Select(c => (byte)c)], "x.model")).Message);

    [Fact]
    public void Open_MissingFile_NamesIt() => Assert.StartsWith(
        "/no/such.model: the tokenizer cannot be read", Assert.Throws<NasClusterException>(() => MlTokenizers.Open("/no/such.model")).Message);
}
