using System.Text;
using NasCluster.Core;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Tokenizers.Tests.ByteLevel;

public class BadTiktokenFileTests(ITestOutputHelper output)
{
    private static readonly string[] Lines = LearnedVocabulary.Learn(40).ToTiktoken().TrimEnd('\n').Split('\n');

    [Theory]
    [InlineData("YQ=", "must be a token of 1 to 1024 bytes in base64, a space and a rank.")]
    [InlineData("YQ= 70", "must be a token of 1 to 1024 bytes in base64")]
    [InlineData("Y*== 70", "must be a token of 1 to 1024 bytes in base64")]
    [InlineData(" 70", "must be a token of 1 to 1024 bytes in base64")]
    [InlineData("YWE=", "must be a token of 1 to 1024 bytes in base64")]
    [InlineData("YWE= ", "has rank \"\"; the ranks of 299 tokens must be 0 to 298, each once.")]
    [InlineData("YWE= x", "has rank \"x\"")]
    [InlineData("YWE= -1", "has rank \"-1\"")]
    [InlineData("YWE= 299", "has rank \"299\"; the ranks of 299 tokens must be 0 to 298, each once.")]
    [InlineData("YWE= 99999999999", "has rank \"99999999999\"")]
    [InlineData("YWE= 7 7", "has rank \"7 7\"")]
    [InlineData("YWE= 7", "has rank 7 again; each rank may be there once.")]
    [InlineData("YQ== 97", "has rank 97 again; each rank may be there once.")]
    [InlineData("YQ== 298", "has token \"YQ==\" again; each token may be there once.")]
    public void Parse_BadLine_NamesIt(string line, string message)
    {
        var e = Assert.Throws<NasClusterException>(() => Parse([.. Lines[..^1], line]));
        Assert.StartsWith($"dir/tokenizer.model, line {Lines.Length} ", e.Message);
        Assert.Contains(message, e.Message);
    }

    [Fact]
    public void Parse_CutOffFile_IsRefused()
    {
        // Between two lines, what is left is a smaller vocabulary, with the check of the model's size to tell; before that, ranks or bytes are missing.
        AssertRefused("dir/tokenizer.model: no token is the byte 0xC8 alone; all 256 bytes need one.", [.. Lines[..200]]);
        AssertRefused("dir/tokenizer.model, line 299 is \"", [.. Lines[..^1], Lines[^1][..3]]);
        AssertRefused("dir/tokenizer.model, line 150 is \"\"; it must be", [.. Lines[..149], "", .. Lines[149..]]);
    }

    [Fact]
    public void Parse_RankThatIsMissing_IsRefusedAtTheOneThatIsTooHigh() =>
        AssertRefused("dir/tokenizer.model, line 298 has rank \"298\"; the ranks of 298 tokens must be 0 to 297, each once.", [.. Lines[..260], .. Lines[261..]]);

    [Fact]
    public void Parse_TokenOfUnknownCharactersThatNoJoinsMake_IsRefused() => AssertRefused(
        "dir/tokenizer.model: token 299 has U+FFFD, but its bytes do not join into it; the library that encodes needs that.",
        [.. Lines, $"{Convert.ToBase64String(Encoding.UTF8.GetBytes("q\ufffdq"))} 299"]);

    [Fact]
    public void Parse_OtherLineEndsAndOrder_AreTaken() =>
        Assert.Equal(299 + 256, MlTokenizers.Parse(Encoding.UTF8.GetBytes("\ufeff" + string.Join("\r\n", Lines.Reverse()) + "\r\n\r\n"), "tokenizer.model").VocabularySize);

    [Fact]
    public void Parse_MutatedFiles_AcceptsOrRefuses()
    {
        byte[][] seeds = [Encoding.UTF8.GetBytes(string.Join('\n', Lines))];
        output.WriteLine(Fuzzer.Run(seeds, file =>
        {
            // A file that is taken must also work.
            var tokenizer = MlTokenizers.Parse(file, "tokenizer.model");
            tokenizer.Decode(tokenizer.Encode("the other things \u20ac\ud83d\ude00 <|end_of_text|>\0"));
        }).ToString());
    }

    private static void AssertRefused(string message, string[] lines) =>
        Assert.StartsWith(message, Assert.Throws<NasClusterException>(() => Parse(lines)).Message);

    private static void Parse(string[] lines) => MlTokenizers.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "dir/tokenizer.model");
}
