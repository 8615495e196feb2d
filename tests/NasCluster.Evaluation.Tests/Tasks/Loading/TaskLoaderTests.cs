using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Tasks.Loading;

public sealed class TaskLoaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_Arc_ScoresEveryMetricOfEveryDocument()
    {
        Write("ARC-Easy-Test.jsonl", Question("Why?", "B", "no", "because"), Question("How?", "A", "so", "thus"));

        var set = Assert.Single(TaskLoader.Load(new("arc_easy", _directory.Root), new LetterTokenizer(), 200));
        var score = set.Score([Sum(-4), Sum(-9), Sum(-1), Sum(-2)]);

        Assert.Equal(4, set.Requests.Length);
        Assert.Equal("Question: Why?\nAnswer: because", Text(set.Requests[1]));
        Assert.Equal(" because".Length, set.Requests[1].ScoredCount);
        Assert.Equal([0.0, 1.0], score["acc"].PerDocument.ToArray());
        Assert.Equal((0.5, 0.5), (score["acc"].Value, score["acc"].StandardError));
        Assert.Equal([1.0, 1.0], score["acc_norm"].PerDocument.ToArray());
        Assert.Equal((1.0, 0.0), (score["acc_norm"].Value, score["acc_norm"].StandardError));
    }

    [Fact]
    public void Load_Limit_TakesTheFirstDocuments()
    {
        Write("ARC-Easy-Test.jsonl", Question("Why?", "B", "no", "because"), Question("How?", "A", "so", "thus"));

        var set = Assert.Single(TaskLoader.Load(new("arc_easy", _directory.Root) { Limit = 1 }, new LetterTokenizer(), 200));

        Assert.Equal("Why?", Text(set.Requests[0])[10..14]);
        Assert.Single(set.Documents);
    }

    [Fact]
    public void Load_LongPrompt_LosesItsBeginningAndIsCounted()
    {
        Write("ARC-Easy-Test.jsonl", Question("Why?", "B", "no", "so"), Question("How would one know?", "A", "so", "thus"));

        var set = Assert.Single(TaskLoader.Load(new("arc_easy", _directory.Root), new LetterTokenizer(), 26));

        Assert.Equal(1, set.TruncatedCount);
        Assert.Equal("Question: Why?\nAnswer: so", Text(set.Requests[1]));
        Assert.Equal("n: How would one know?\nAnswer: thus"[^27..], Text(set.Requests[3]));
        Assert.Equal(27, set.Requests[3].TokenIds.Length);
        Assert.Equal(5, set.Requests[3].ScoredCount);
    }

    [Fact]
    public void Load_ShotsWithoutTheirPart_SaysWhatIsMissing()
    {
        Write("ARC-Easy-Test.jsonl", Question("Why?", "B", "no", "because"));

        var failure = Assert.Throws<NasClusterException>(() => TaskLoader.Load(new("arc_easy", _directory.Root) { Shots = 1 }, new LetterTokenizer(), 200));

        Assert.Contains("The train part of arc_easy", failure.Message, StringComparison.Ordinal);
        Assert.Contains("it must be called ARC-Easy-Train.jsonl", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TooFewExamples_SaysHowManyAreDrawn()
    {
        Write("ARC-Easy-Test.jsonl", Question("Why?", "B", "no", "because"));
        Write("ARC-Easy-Train.jsonl", Question("How?", "A", "so", "thus"));

        var failure = Assert.Throws<NasClusterException>(() => TaskLoader.Load(new("arc_easy", _directory.Root) { Shots = 2 }, new LetterTokenizer(), 200));

        Assert.Equal("arc_easy with 2 shots draws 2 examples; there are 1.", failure.Message);
    }

    [Fact]
    public void Load_SameLetterThroughout_Warns()
    {
        Write("ARC-Easy-Test.jsonl", Question("Why?", "B", "no", "because"), Question("How?", "B", "so", "thus"));

        var set = Assert.Single(TaskLoader.Load(new("arc_easy", _directory.Root), new LetterTokenizer(), 200));

        Assert.Contains("all 2 questions is choice 2", Assert.Single(set.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownTask_ListsThoseThereAre() =>
        Assert.StartsWith("There is no task 'arc'; there are arc_challenge, arc_easy", Assert.Throws<NasClusterException>(
            () => TaskLoader.Load(new("arc", _directory.Root), new LetterTokenizer(), 200)).Message, StringComparison.Ordinal);

    private static string Question(string stem, string key, params string[] choices) =>
        $$"""{"question":{"stem":"{{stem}}","choices":[{{string.Join(',', choices.Select((c, i) => $$"""{"text":"{{c}}","label":"{{(char)('A' + i)}}"}"""))}}]},"answerKey":"{{key}}"}""";

    private static string Text(ScoringRequest request) => new([.. request.TokenIds.Where(t => t != LetterTokenizer.Mark).Select(t => (char)t)]);

    private static LogLikelihood Sum(double sum) => new(sum, false, []);

    private void Write(string name, params string[] rows) => _directory.Write(name, string.Join("\n", rows));
}
