using System.Text.Json;
using NasCluster.Core;
using NasCluster.Llama.Tokenizers;
using NasCluster.SmallWorld.Files;
using NasCluster.SmallWorld.Questions;
using NasCluster.SmallWorld.Words;
using NasCluster.Testing;

namespace NasCluster.SmallWorld.Tests.Files;

public sealed class SmallWorldFilesTests : IDisposable
{
    private static readonly WorldOptions Small = new() { Seed = 3, TrainingTokens = 20_000, ValidationTokens = 2_000, Questions = 40 };
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Write_SameSeed_SameBytes()
    {
        SmallWorldFiles.Write(_directory.At("a"), Small);
        SmallWorldFiles.Write(_directory.At("b"), Small);
        SmallWorldFiles.Write(_directory.At("c"), Small with { Seed = 4 });

        var names = Names("a");
        Assert.Equal(13, names.Length);
        Assert.Equal(names, Names("b"));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(_directory.At("a/" + name)), File.ReadAllBytes(_directory.At("b/" + name))));
        Assert.All(
            names.Where(name => name != "tokenizer.model"),
            name => Assert.NotEqual(File.ReadAllBytes(_directory.At("a/" + name)), File.ReadAllBytes(_directory.At("c/" + name))));
    }

    [Fact]
    public void Write_MoreTokens_GoesOnWithTheSameText()
    {
        SmallWorldFiles.Write(_directory.At("a"), Small);
        SmallWorldFiles.Write(_directory.At("b"), Small with { TrainingTokens = 40_000 });

        Assert.StartsWith(Text("a/train.txt"), Text("b/train.txt"), StringComparison.Ordinal);
        Assert.Equal(Text("a/valid.txt"), Text("b/valid.txt"));
    }

    [Fact]
    public void Write_Text_HasTheTokensAndDocumentsItSays()
    {
        var summary = SmallWorldFiles.Write(_directory.At("a"), Small);

        var tokenizer = SentencePieceTokenizer.Open(_directory.At("a/tokenizer.model"));
        foreach (var (name, said, wanted) in new[] { ("train.txt", summary.Training, Small.TrainingTokens), ("valid.txt", summary.Validation, Small.ValidationTokens) })
        {
            var text = Text("a/" + name);
            Assert.EndsWith($"\n{SmallWorldFiles.Separator}\n", text, StringComparison.Ordinal);
            var documents = text.Split(SmallWorldFiles.Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(said.Documents, documents.Length);
            Assert.Equal(said.Tokens, documents.Sum(d => (long)tokenizer.Encode(d).Length));
            Assert.InRange(said.Tokens, wanted, wanted + 130);
            Assert.Equal(said.StoryTokens, documents.Where(d => !d.StartsWith("Question:", StringComparison.Ordinal)).Sum(d => (long)tokenizer.Encode(d).Length));
        }

        Assert.InRange(summary.Training.StoryTokens, 0.33 * summary.Training.Tokens, 0.47 * summary.Training.Tokens);
        Assert.NotEqual(Text("a/valid.txt")[..1000], Text("a/train.txt")[..1000]);
    }

    [Fact]
    public void Write_Tasks_AreInArcLayoutAndAsLongAsSaid()
    {
        var summary = SmallWorldFiles.Write(_directory.At("a"), Small);

        var tokenizer = WorldTokenizer.Create();
        Assert.Equal(QuestionFamilies.All.Select(f => f.Name), summary.Tasks.Select(t => t.Name));
        foreach (var task in summary.Tasks)
        {
            var lengths = new List<int>();
            foreach (var line in File.ReadLines(_directory.At($"a/tasks/{task.Name}.jsonl")))
            {
                using var row = JsonDocument.Parse(line);
                Assert.Equal($"{task.Name}-{lengths.Count + 1}", row.RootElement.GetProperty("id").GetString());
                var question = row.RootElement.GetProperty("question");
                var choices = question.GetProperty("choices").EnumerateArray()
                    .ToDictionary(c => c.GetProperty("label").GetString()!, c => c.GetProperty("text").GetString()!);
                Assert.Equal(["A", "B", "C", "D"], choices.Keys);
                var answer = choices[row.RootElement.GetProperty("answerKey").GetString()!];
                lengths.Add(tokenizer.Encode($"Question: {question.GetProperty("stem").GetString()}\nAnswer: {answer}").Length);
            }

            Assert.Equal((task.Questions, task.LongestTokens), (lengths.Count, lengths.Max()));
            Assert.Equal(lengths.Average(), task.MeanTokens, 1e-9);
        }
    }

    [Fact]
    public void WriteTasks_SomeFamilies_AreTheSameAsInAWholeWorld()
    {
        SmallWorldFiles.Write(_directory.At("a"), Small);

        var written = SmallWorldFiles.WriteTasks(_directory.At("b"), Small.Seed, ["ordering", "recall"], Small.Questions);
        SmallWorldFiles.WriteTasks(_directory.At("b"), Small.Seed, ["recall"], Small.Questions);

        Assert.Equal(["ordering", "recall"], written.Select(t => t.Name));
        Assert.Equal(["ordering.jsonl", "recall.jsonl"], Names("b"));
        Assert.All(Names("b"), name => Assert.Equal(Text("a/tasks/" + name), Text("b/" + name)));
    }

    [Fact]
    public void Write_DirectoryWithAFile_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(_directory.At("a"));
        _directory.Write("a/mine.txt", "mine");

        var failure = Assert.Throws<NasClusterException>(() => SmallWorldFiles.Write(_directory.At("a"), Small));

        Assert.Equal($"{_directory.At("a")} is there already; a world is written to a new or empty directory.", failure.Message);
        Assert.Equal(["mine.txt"], Names("a"));
        Assert.Throws<NasClusterException>(() => SmallWorldFiles.Write(_directory.At("a/mine.txt"), Small));
    }

    [Fact]
    public void Write_EmptyDirectoryOrAbove_IsUsed()
    {
        Directory.CreateDirectory(_directory.At("a"));
        SmallWorldFiles.Write(_directory.At("a/"), Small);
        SmallWorldFiles.Write(_directory.At("b/c/d"), Small);
        Assert.Equal(Names("a"), Names("b/c/d"));
        Assert.Equal(["a", "b"], Directory.EnumerateFileSystemEntries(_directory.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void NewDirectory_FillingFails_LeavesNothing()
    {
        foreach (var (thrown, said) in new (Exception, string)[] { (new NasClusterException("Too few."), "Too few."), (new IOException("Disk full."), "cannot be written: Disk full.") })
        {
            var failure = Assert.Throws<NasClusterException>(() => NewDirectory.Write<int>(_directory.At("a"), partial =>
            {
                File.WriteAllText(Path.Combine(partial, "half"), "half");
                throw thrown;
            }));
            Assert.EndsWith(said, failure.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Root));
        }
    }

    [Fact]
    public void WholeFile_WritingFails_KeepsTheFileBefore()
    {
        var path = _directory.Write("a", "before");
        Assert.Throws<IOException>(() => WholeFile.Write<int>(path, writer =>
        {
            writer.Write("half");
            throw new IOException("Disk full.");
        }));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void WriteTasks_BadArguments_AreRefusedBeforeAnythingIsWritten()
    {
        Assert.Throws<NasClusterException>(() => SmallWorldFiles.WriteTasks(_directory.At("a"), 1, ["recall", "riddles"], 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmallWorldFiles.WriteTasks(_directory.At("a"), 1, ["recall"], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmallWorldFiles.Write(_directory.At("a"), Small with { TrainingTokens = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmallWorldFiles.Write(_directory.At("a"), Small with { ValidationTokens = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmallWorldFiles.Write(_directory.At("a"), Small with { Questions = 0 }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void WriteTasks_PathIsAFile_SaysSo()
    {
        var path = _directory.Write("file", "mine");
        var failure = Assert.Throws<NasClusterException>(() => SmallWorldFiles.WriteTasks(path, 1, ["recall"], 10));
        Assert.StartsWith($"Questions cannot be written to {path}: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    private string[] Names(string directory) =>
        [.. Directory.EnumerateFiles(_directory.At(directory), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_directory.At(directory), f)).Order(StringComparer.Ordinal)];

    private string Text(string name) => File.ReadAllText(_directory.At(name));
}
