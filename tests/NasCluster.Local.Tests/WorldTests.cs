using System.Text.RegularExpressions;
using NasCluster.Evaluation.Tasks;
using NasCluster.Llama.Tokenizers;
using NasCluster.SmallWorld.Questions;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

public sealed class WorldTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void World_NewDirectory_IsWrittenAndSaysWhatIsInIt()
    {
        var result = Nas.Run("world", "--out", _directory.At("world"), "--tokens", "5000", "--questions", "30", "--seed", "9");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Matches(@"^train\.txt +\d+ documents, 5,\d{3} tokens, \d+ % of them in stories\nvalid\.txt +[\d,]+ documents, 10\d,\d{3} tokens, ", result.Output);
        var tokenizer = SentencePieceTokenizer.Open(_directory.At("world/tokenizer.model"));
        foreach (var family in QuestionFamilies.All)
        {
            var said = Regex.Match(result.Output, $@"tasks/{family.Name}\.jsonl +30 questions, +([\d.]+) tokens each, at most (\d+)\n");
            var questions = ArcFile.Read(_directory.At($"world/tasks/{family.Name}.jsonl"));
            Assert.Equal(30, questions.Length);

            // What evaluation makes of them: every choice is the one token behind the context.
            var set = ChoiceSet.Create(family.Name, questions, tokenizer, 64, useBeginningMark: false);
            Assert.All(set.Requests, r => Assert.Equal(1, r.ScoredCount));
            Assert.Equal(said.Groups[2].Value, $"{set.Requests.Max(r => r.TokenIds.Length)}");
        }

        Assert.Matches(@"\nall tasks +300 questions, +[\d.]+ tokens each\n$", result.Output);
    }

    [Fact]
    public void World_SameSeed_SameFiles()
    {
        string[] Arguments(string name) => ["world", "--out", _directory.At(name), "--tokens", "3000", "--questions", "10"];
        Assert.Equal(0, Nas.Run(Arguments("a")).ExitCode);
        Assert.Equal(0, Nas.Run([.. Arguments("b"), "--seed", "1"]).ExitCode);
        Assert.Equal(FolderState.Of(_directory.At("a")), FolderState.Of(_directory.At("b")));
    }

    [Fact]
    public void World_DirectoryIsTaken_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(_directory.At("mine"));
        _directory.Write("mine/file", "mine");

        Refusal.AssertOneLine(
            Nas.Run("world", "--out", _directory.At("mine")), Refusal.Failure, $"{_directory.At("mine")} is there already", "new or empty directory");
        Refusal.AssertOneLine(Nas.Run("world", "--out", _directory.At("mine/file")), Refusal.Failure, "mine/file is there already");
        Refusal.AssertOneLine(Nas.Run("world", "--out", _directory.At("mine/file/deeper")), Refusal.Failure, "mine/file/deeper cannot be written: ");

        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(_directory.At("mine")).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(_directory.At("mine/file")));
    }

    [Theory]
    [InlineData("'--out' is required")]
    [InlineData("--out is empty", "--out", "")]
    [InlineData("--tokens is '10'; it must be a whole number in [1000, 1000000000]", "--out", "world", "--tokens", "10")]
    [InlineData("--tokens is '8e6'", "--out", "world", "--tokens", "8e6")]
    [InlineData("--questions is '0'; it must be a whole number in [1, 10000]", "--out", "world", "--questions", "0")]
    [InlineData("--seed is '-1'", "--out", "world", "--seed", "-1")]
    [InlineData("--families", "--out", "world", "--families", "recall")]
    public void World_CommandLineWrong_IsRefusedAsMisuse(string said, params string[] arguments)
    {
        Refusal.AssertOneLine(Nas.RunIn(_directory.Root, ["world", .. arguments]), Refusal.Usage, said, "'nas world --help'");
        Assert.Empty(FolderState.Of(_directory.Root));
    }

    [TemporaryDiskFact]
    public void World_DiskFills_IsRefusedAndLeavesNothing()
    {
        using var disk = new TemporaryDisk("200k");

        var result = Nas.Run("world", "--out", disk.At("world"), "--tokens", "200000", "--questions", "10");

        Refusal.AssertOneLine(result, Refusal.Failure, $"{disk.At("world")} cannot be written: ");
        Assert.Empty(FolderState.Of(disk.At(".")));
    }
}
