using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Running;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Tasks.Running;

public sealed class TaskRunTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CpuSuperNetwork _network;

    public TaskRunTests()
    {
        using var checkpoint = RandomCheckpoint.Make(RandomCheckpoint.Configuration(2, 16, 4, 2, 2, 24, 513, 600), 1);
        _network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1 });
    }

    private Architecture Whole => _network.Info.Configuration.FullArchitecture;

    private Architecture Part => new(Whole.Layers[..1]);

    public void Dispose()
    {
        _network.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Evaluate_InPortions_IsWhatTheNetworkGivesAtOnce()
    {
        var set = Load(200);

        var result = new TaskRun(_network).Evaluate(set, [Whole, Part], null, default);

        var once = _network.Score([Whole, Part], set.Requests, default);
        Assert.Equal(set.Score(once[0])["acc"].PerDocument.ToArray(), result.Scores[0]["acc"].PerDocument.ToArray());
        Assert.Equal(set.Score(once[1])["acc_norm"].PerDocument.ToArray(), result.Scores[1]["acc_norm"].PerDocument.ToArray());
        Assert.True(result.Tokens!.Value.Computed < result.Tokens.Value.Asked);
        Assert.Equal(0, result.KeptRequests);
    }

    [Fact]
    public void Evaluate_Stopped_GoesOnWithWhatIsKept()
    {
        var set = Load(400);
        var store = new MemoryStore();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => new TaskRun(_network, store).Evaluate(set, [Whole], _ => stop.Cancel(), stop.Token));
        var kept = Assert.Single(store.Portions);
        Assert.InRange(kept.Value.Length, 1, set.Requests.Length - 1);

        var result = new TaskRun(_network, store).Evaluate(set, [Whole], null, default);

        Assert.Equal(kept.Value.Length, result.KeptRequests);
        Assert.Equal(new TaskRun(_network).Evaluate(set, [Whole], null, default).Scores[0]["acc"].PerDocument.ToArray(), result.Scores[0]["acc"].PerDocument.ToArray());
        Assert.Equal(set.Requests.Length, store.Portions.Sum(p => p.Value.Length));
    }

    [Fact]
    public void Evaluate_OneOfTwoKept_ScoresTheOtherOnly()
    {
        var set = Load(20);
        var store = new MemoryStore();
        new TaskRun(_network, store).Evaluate(set, [Part], null, default);

        var result = new TaskRun(_network, store).Evaluate(set, [Whole, Part], null, default);

        Assert.Equal(set.Requests.Length, result.KeptRequests);
        Assert.Equal(2, store.Portions.Select(p => p.Key.Key).Distinct().Count());
        Assert.Equal(new TaskRun(_network).Evaluate(set, [Part], null, default).Scores[0]["acc"].PerDocument.ToArray(), result.Scores[1]["acc"].PerDocument.ToArray());
    }

    [Fact]
    public void Difference_OfANetworkWithItself_IsNone()
    {
        var scores = new TaskRun(_network).Evaluate(Load(30), [Whole, Whole, Part], null, default).Scores;

        Assert.All(MetricDifference.Of(scores[0], scores[1]), d => Assert.Equal((0.0, 0.0, 1.0), (d.Value, d.StandardError, d.PValue)));
        var difference = MetricDifference.Of(scores[0], scores[2]).Single(d => d.Metric == "acc");
        Assert.Equal(scores[2]["acc"].Value - scores[0]["acc"].Value, difference.Value);
        Assert.InRange(difference.PValue, 0, 1);
    }

    [Fact]
    public void Difference_OfPerplexities_HasTheErrorOfWhatTheyDoNotShare()
    {
        _directory.Write("test.txt", string.Join('\n', Enumerable.Range(0, 40).Select(i => $" = Title {i} = \n\n One text, and then number {i * i}. \n")));
        var set = TaskLoader.Load(new("wikitext", _directory.At("test.txt")), new LetterTokenizer(), 500).Single();

        var scores = new TaskRun(_network).Evaluate(set, [Whole, Part], null, default).Scores;

        Assert.All(MetricDifference.Of(scores[0], scores[1]), d =>
        {
            Assert.Equal(scores[1][d.Metric].Value - scores[0][d.Metric].Value, d.Value);
            Assert.True(d.StandardError >= 0 && double.IsFinite(d.StandardError));
        });
    }

    private TaskSet Load(int questions)
    {
        _directory.Write("ARC-Easy-Test.jsonl", string.Join('\n', Enumerable.Range(0, questions).Select(i =>
            $$"""{"id": "{{i}}", "question": {"stem": "What is {{i}} and {{i % 7}} and so on and on?", "choices": [{"text": "it is {{i}}", "label": "A"}, {"text": "none", "label": "B"}]}, "answerKey": "{{"AB"[i % 2]}}"}""")));
        return Assert.Single(TaskLoader.Load(new("arc_easy", _directory.Root), new LetterTokenizer(), 500));
    }

    private sealed class MemoryStore : ILikelihoodStore
    {
        public Dictionary<(string Key, int First), LogLikelihood[]> Portions { get; } = [];

        public LogLikelihood[]? Find(string key, int first, ImmutableArray<ScoringRequest> requests) => Portions.GetValueOrDefault((key, first));

        public void Keep(string key, int first, ReadOnlySpan<LogLikelihood> likelihoods) => Portions.Add((key, first), likelihoods.ToArray());
    }
}
