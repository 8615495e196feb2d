using System.Security.Cryptography;
using System.Text;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Tasks.Golden;

/// <summary>Against the evaluation harness, version 0.4.9.2; see <see cref="GoldenTask"/>.</summary>
public sealed class HarnessGoldenTests
{
    // Longer than any of the texts: a whole text is one request.
    private const int Window = 1 << 20;
    private const double Close = 1e-12;

    public static TheoryData<string> Names => [.. GoldenTask.Names];

    public static TheoryData<string> Scored => [.. GoldenTask.Names.Where(n => GoldenTask.Read(n).Metrics is not null)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Prepare_RowsOfOurOwn_GivesTheHarnessesStrings(string name)
    {
        var golden = GoldenTask.Read(name);
        var documents = Strings(golden.Task, GoldenTask.Folder, golden.Shots);

        Assert.Equal(golden.Documents.Length, documents.Length);
        for (var i = 0; i < documents.Length; i++)
        {
            Assert.Equal(golden.Documents[i], documents[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Scored))]
    public void Prepare_RowsOfOurOwn_IsMarkedByWhatTheHarnessHas(string name)
    {
        var golden = GoldenTask.Read(name);
        var (documents, _) = TaskLoader.Prepare(Assert.Single(TaskCatalog.Resolve(golden.Task, GoldenTask.Folder)), new(golden.Task, GoldenTask.Folder));
        TaskMarking[] expected = golden.Marks!.Length == 0
            ? [.. documents.Select(_ => OneContinuation.Instance)]
            : [.. golden.Marks.Select(m => m switch
            {
                { IsTrue: { } truths } => new TrueChoices([.. truths]),
                { Words: { } words } => new WholeText(words, m.Bytes![0]),
                _ => (TaskMarking)new RightChoice(m.Gold!.Value, [.. m.Characters!], [.. m.Bytes!]),
            })];

        Assert.Equal(expected, documents.Select(d => d.Marking));
    }

    [Theory]
    [MemberData(nameof(Scored))]
    public void Score_MadeUpLikelihoods_GivesTheHarnessesMetrics(string name)
    {
        var golden = GoldenTask.Read(name);
        var set = Assert.Single(TaskLoader.Load(new(golden.Task, GoldenTask.Folder), new LetterTokenizer(), Window));
        var score = set.Score([.. set.Requests.Select((r, i) => MadeUp(i, r.ScoredCount))]);

        Assert.NotEmpty(golden.Metrics!);
        foreach (var (metric, expected) in golden.Metrics!)
        {
            var actual = score[metric];
            Assert.Equal(expected.Value, actual.Value, Close);
            Assert.Equal(expected.PerDocument.Length, actual.PerDocument.Length);
            Assert.All(expected.PerDocument.Zip(actual.PerDocument), pair => Assert.Equal(pair.First, pair.Second, Close));
            Assert.Equal(expected.Weights, actual.Weights.ToArray());
            if (expected.StandardError is { } error)
            {
                Assert.Equal(error, actual.StandardError, Close);
            }
        }
    }

    /// <summary>Three subjects of 4, 5 and 100 questions; the harness's <c>aggregate_subtask_metrics</c> and <c>pooled_sample_stderr</c> gave the numbers.</summary>
    [Fact]
    public void Score_Group_WeighsAndPoolsAsTheHarness()
    {
        var groups = TaskGroups.Score(
        [
            Subject("mmlu_abstract_algebra", [1, 0, 0, 1]),
            Subject("mmlu_virology", [1, 1, 1, 0, 1]),
            Subject("mmlu_sociology", [.. Enumerable.Range(0, 100).Select(i => i % 3 == 0 ? 1.0 : 0)]),
        ]);

        var all = groups.Single(g => g.Task == "mmlu")["acc"];
        Assert.Equal(0.3669724770642202, all.Value, Close);
        Assert.Equal(0.045803654083131265, all.StandardError, Close);
        Assert.Equal(["mmlu", "mmlu_other", "mmlu_social_sciences", "mmlu_stem"], groups.Select(g => g.Task).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The first five documents of every real file here, as SHA-256 of what the harness makes of them. TruthfulQA's have our own worked
    /// examples before them. HellaSwag's file here lacks members that the harness needs; there is nothing to compare it with.
    /// </summary>
    [SharedDataFact("eval", "corpora/wikitext2")]
    public void Prepare_FirstRealRows_GivesTheHarnessesStrings()
    {
        using var directory = new TemporaryDirectory();
        File.Copy(SharedData.PathOf("eval/truthfulqa/mc_task.head64.json"), directory.At("mc_task.json"));
        File.Copy(Path.Combine(GoldenTask.Folder, "truthfulqa", "primer.txt"), directory.At("primer.txt"));
        var rows = File.ReadLines(Path.Combine(GoldenTask.Folder, "first-rows.tsv")).Skip(1).Select(l => l.Split('\t')).ToArray();
        Assert.Equal(350, rows.Length);
        foreach (var group in rows.GroupBy(r => (Task: r[0], Folder: r[1], Shots: r[2])))
        {
            var path = group.Key.Task.StartsWith("truthfulqa", StringComparison.Ordinal) ? directory.Root : SharedData.PathOf(group.Key.Folder);
            var actual = Strings(group.Key.Task, path, int.Parse(group.Key.Shots), 5)
                .SelectMany((d, i) => d.Select((p, j) => string.Join('\t', group.Key.Task, group.Key.Folder, group.Key.Shots, i, j, Hash(p[0]), Hash(p[1]))));
            Assert.Equal(group.Select(r => string.Join('\t', r)), actual);
        }
    }

    private static string[][][] Strings(string task, string path, int shots, int? limit = null)
    {
        var (documents, _) = TaskLoader.Prepare(Assert.Single(TaskCatalog.Resolve(task, path)), new(task, path) { Shots = shots, Limit = limit });
        return [.. documents.Select(d => d.Passages.Select(p => new[] { p.Context, p.Continuation }).ToArray())];
    }

    // In quarters, which floating point holds exactly: ties are ties on every machine.
    private static LogLikelihood MadeUp(int request, int tokens)
    {
        var sum = -0.25 * (1 + (((5 * request * (request + 3)) + 7) % 23));
        return new(sum, request % 3 == 0, [.. Enumerable.Repeat((float)(sum / tokens), tokens)]);
    }

    private static TaskScore Subject(string name, double[] values) => new(name, [MetricScore.Of(TaskMetrics.Accuracy, MetricAggregation.Mean, [.. values])]);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
