using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests;

public sealed class EvaluationDataTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nas-data").FullName;

    [Fact]
    public void Load_TextAndTasks_PartsThem()
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), "aaaaaa#bbbbbb#cccccc#dddddd");
        File.WriteAllLines(Path.Combine(_directory, "q.jsonl"), Enumerable.Range(0, 10).Select(i =>
            $$"""{"question":{"stem":"S{{i}}","choices":[{"text":"a","label":"A"},{"text":"b","label":"B"}]},"answerKey":"A"}"""));
        var spec = Spec with
        {
            Data = Spec.Data with { Separator = "#", Join = "-", SearchShare = 0.3, Tasks = [new("arc", "q.jsonl")], SearchQuestions = 2, ReportTokens = null, SearchTokens = 5 },
        };

        var data = Load(spec);

        Assert.Equal(5, data.Search.Text!.ScoredCount);
        Assert.Equal("cccccc-dddddd".Length, data.Report!.Text!.ScoredCount);
        Assert.Equal((2, 7), (data.Search.Tasks.Single().QuestionCount, data.Report.Tasks.Single().QuestionCount));
        Assert.Equal((8, 8, "#", "-"), (data.Search.Text.Protocol.Window, data.Search.Text.Protocol.Stride, data.Search.Text.Protocol.Separator, data.Search.Text.Protocol.Join));
        Assert.NotEqual(data.Search.Text.Fingerprint, data.Report.Text.Fingerprint);
    }

    [Fact]
    public void Load_DocumentsApart_BeginsAWindowWithEachAndPartsAsWhenJoined()
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), "kkkk#aaaaaaaaa#bb#\n#cccccc#dd");
        var spec = Spec with
        {
            Data = Spec.Data with { Separator = "#", Join = "-", CalibrationShare = 0.1, SearchShare = 0.5, SearchTokens = 8, Documents = DocumentRule.Apart },
        };

        var data = Load(spec);

        // A window of 8 has the mark and 7 letters; the 8 tokens asked for end in the first document's second window.
        Assert.Equal(["@aaaaaaa", "@a"], Letters(data.Search.Text!));
        Assert.Equal(["@cccccc", "@dd"], Letters(data.Report!.Text!));
        Assert.Equal(["@kkkk"], Letters(EvaluationData.LoadCalibration(
            spec, new LetterTokenizer(), 8, null, path => Path.Combine(_directory, path))));
        Assert.Equal(["@aaaaaaa", "@aa", "@bb"], Letters(Load(spec with { Data = spec.Data with { SearchTokens = null } }).Search.Text!));
    }

    [Fact]
    public void Load_DocumentsApartWithNothingToScore_NamesFileAndRule()
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), "a#b");
        var spec = Spec with { Data = Spec.Data with { Separator = "#", FirstToken = FirstTokenRule.Skip, Documents = DocumentRule.Apart } };
        Assert.EndsWith("t.txt has no document with a token to score.", Assert.Throws<NasClusterException>(() => Load(spec)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WholeShare_HasNoReport()
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), "aaaaaaaaaa");
        Assert.Null(Load(Spec with { Data = Spec.Data with { SearchShare = 1 } }).Report);
    }

    [Fact]
    public void Load_WindowLeftOut_IsTheModelsMaximumWhenThatIsSmaller()
    {
        Assert.Equal(64, EvaluationData.WindowOf(new DataSpec(), BigramNetwork.Configuration()));
        Assert.Equal(512, EvaluationData.WindowOf(new DataSpec(), BigramNetwork.Configuration() with { MaximumPositions = 4096 }));
    }

    [Theory]
    [InlineData("", "t.txt is empty; it must hold a text.")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaa", "is a single line; it needs at least two")]
    [InlineData("aaaaaaaaaaa\naaa", "has 3 tokens; it must have at least 7 to fill a window of 8.")]
    public void Load_UnusableText_NamesFileAndRule(string text, string rule)
    {
        File.WriteAllText(Path.Combine(_directory, "t.txt"), text);
        var failure = Assert.Throws<NasClusterException>(() => Load(Spec));
        Assert.Contains("t.txt", failure.Message, StringComparison.Ordinal);
        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NotUtf8OrNotThere_NamesFileAndRule()
    {
        Assert.Contains("t.txt cannot be read", Assert.Throws<NasClusterException>(() => Load(Spec)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_directory, "t.txt"), [65, 66, 0xC3]);
        Assert.Contains("t.txt is not UTF-8: byte 2", Assert.Throws<NasClusterException>(() => Load(Spec)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WindowBeyondTheModel_SaysTheMaximum() =>
        Assert.Equal("data.window is 65; the model takes at most 64 positions.",
            Assert.Throws<NasClusterException>(() => Load(Spec with { Data = Spec.Data with { Window = 65, Stride = null } })).Message);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static SearchSpec Spec => new() { Model = "m", Data = new() { Text = "t.txt", Window = 8, Stride = 8 } };

    private static string[] Letters(TextSet set) =>
        [.. set.Requests.Select(r => string.Concat(r.TokenIds.Select(t => t == LetterTokenizer.Mark ? '@' : (char)t)))];

    private EvaluationData Load(SearchSpec spec) =>
        EvaluationData.Load(spec, new LetterTokenizer(), BigramNetwork.Configuration(), name => Path.Combine(_directory, name));
}
