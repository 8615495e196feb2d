using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests;

/// <summary>Tasks of the evaluation harness as objectives of a search.</summary>
public sealed class HarnessTaskEvaluationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Evaluate_EveryTask_GivesItsObjectives()
    {
        using var network = new BigramNetwork(BigramNetwork.Configuration(600));
        var options = Options(HarnessSets.Sets);
        using var evaluator = new SuperNetworkEvaluator(network, options, HarnessSets.Sets);

        var outcome = Assert.Single(evaluator.Evaluate([new Candidate(BigramNetwork.Depth(2))], null, CancellationToken.None));

        Assert.Null(outcome.Failure);
        Assert.Equal(
            ["science", "science_norm", "truth", "word", "word_perplexity", "wiki", "wiki_byte_perplexity", "wiki_bits_per_byte", "wiki_token_perplexity", "mmlu"],
            options.Objectives.Select(o => o.Name));
        var values = options.Objectives.Zip(outcome.Values).ToDictionary(p => p.First.Name, p => p.Second.Value);
        Assert.Equal(values["wiki_bits_per_byte"], Math.Log2(values["wiki_byte_perplexity"]), 1e-9);

        // Three tokens, six and four after one another, none of which the network expects.
        var each = 1 / 3.0 / 599;
        Assert.Equal((1 + Math.Pow(each, 3)) / (1 + Math.Pow(each, 3) + each), values["truth"], 1e-9);

        // A bigram network that sees the same last letter before every choice finds none likelier than the first: right once in three.
        Assert.Equal(1 / 3.0, values["mmlu"], 1e-12);
        Assert.True(values["wiki"] > values["wiki_token_perplexity"]);
    }

    [Fact]
    public void Evaluate_MeanOverTasks_IsOfAccuraciesAloneAndNormalisedWhereTheyAre()
    {
        using var network = new BigramNetwork(BigramNetwork.Configuration(600));
        var means = Options(HarnessSets.Sets) with { Objectives = [ObjectiveCatalog.MeanAccuracy, ObjectiveCatalog.MeanNormalisedAccuracy] };
        var each = Options(HarnessSets.Sets) with { Objectives = [Objective("science"), Objective("science_norm"), Objective("truth"), Objective("word"), Objective("mmlu")] };

        var mean = Evaluate(means);
        var tasks = Evaluate(each);

        Assert.Equal((tasks[0].Value + tasks[2].Value + tasks[3].Value + tasks[4].Value) / 4, mean[0].Value, 1e-12);
        Assert.Equal((tasks[1].Value + tasks[2].Value + tasks[3].Value + tasks[4].Value) / 4, mean[1].Value, 1e-12);
        Assert.Equal(Math.Sqrt(new[] { 0, 2, 3, 4 }.Sum(t => Math.Pow(tasks[t].StandardError, 2))) / 4, mean[0].StandardError, 1e-12);

        IReadOnlyList<ObjectiveValue> Evaluate(EvaluatorOptions options)
        {
            using var evaluator = new SuperNetworkEvaluator(network, options, HarnessSets.Sets);
            return evaluator.Evaluate([new Candidate(BigramNetwork.Depth(2))], null, CancellationToken.None)[0].Values;
        }
    }

    [Fact]
    public void KeyOf_OnlyWhatAnObjectiveReads_Decides()
    {
        var sets = HarnessSets.Sets;
        var options = Options(sets) with { Objectives = [Objective("truth"), ObjectiveCatalog.Parameters] };
        var info = new BigramNetwork(BigramNetwork.Configuration()).Info;
        var key = new EvaluationKeys(info, options, sets.Identity).KeyOf(new Candidate(BigramNetwork.Depth(2)));

        Assert.Equal(key, new EvaluationKeys(info, options, (sets with { HarnessTasks = sets.HarnessTasks[1..2] }).Identity).KeyOf(new Candidate(BigramNetwork.Depth(2))));
        Assert.NotEqual(key, new EvaluationKeys(info, Options(sets) with { Objectives = [Objective("word"), ObjectiveCatalog.Parameters] }, sets.Identity)
            .KeyOf(new Candidate(BigramNetwork.Depth(2))));
    }

    [Fact]
    public void Load_HarnessTask_KeepsSearchAndReportApartInEverySubject()
    {
        Directory.CreateDirectory(_directory.At("test"));
        Directory.CreateDirectory(_directory.At("dev"));
        _directory.Write("test/anatomy_test.csv", "Q0,1,2,3,4,A\nQ1,1,2,3,4,B\nQ2,1,2,3,4,C\nQ3,1,2,3,4,D\n");
        _directory.Write("test/virology_test.csv", "R0,1,2,3,4,A\nR1,1,2,3,4,B\n");
        _directory.Write("dev/anatomy_dev.csv", "D0,1,2,3,4,C\n");
        _directory.Write("dev/virology_dev.csv", "E0,1,2,3,4,C\n");
        var spec = new SearchSpec
        {
            Model = "m",
            Data = new() { Tasks = [new("knowledge", _directory.Root) { Task = "mmlu", Shots = 1, Limit = 3 }] },
            Objectives = ["knowledge", "parameters"],
        };
        Assert.Empty(SearchSpecRules.Check(spec));

        var data = EvaluationData.Load(spec, new LetterTokenizer(), BigramNetwork.Configuration() with { MaximumPositions = 512 });

        var search = Assert.Single(data.Search.HarnessTasks);
        var report = Assert.Single(data.Report!.HarnessTasks);
        Assert.Equal([("mmlu_anatomy", 2), ("mmlu_virology", 1)], search.Sets.Select(s => (s.Name, s.Documents.Length)));
        Assert.Equal([("mmlu_anatomy", 1), ("mmlu_virology", 1)], report.Sets.Select(s => (s.Name, s.Documents.Length)));
        Assert.Contains("about virology.\n\nE0\nA. 1\nB. 2\nC. 3\nD. 4\nAnswer: C\n\nR1\nA. 1", Text(report.Sets[1].Requests[0].TokenIds), StringComparison.Ordinal);
        Assert.Contains("2 of its 57 subjects", search.Sets[0].Warnings[0], StringComparison.Ordinal);
    }

    /// <summary>LAMBADA's examples come from the very documents that are evaluated.</summary>
    [Fact]
    public void Load_ExamplesOfTheEvaluatedPart_AreRefusedWhereAReportIsKeptApart()
    {
        _directory.Write("lambada_test.jsonl", "{\"text\":\"He saw Ann\"}\n{\"text\":\"She saw him\"}\n{\"text\":\"They saw us\"}\n");
        var spec = new SearchSpec
        {
            Model = "m",
            Data = new() { Tasks = [new("word", _directory.Root) { Task = "lambada_openai", Shots = 1 }] },
            Objectives = ["word", "parameters"],
        };

        var failure = Assert.Throws<NasClusterException>(() => EvaluationData.Load(spec, new LetterTokenizer(), BigramNetwork.Configuration()));
        Assert.StartsWith("data.tasks.word.shots is 1, but lambada_openai draws its examples from the documents it is evaluated on:", failure.Message, StringComparison.Ordinal);

        var whole = EvaluationData.Load(spec with { Data = spec.Data with { SearchShare = 1 } }, new LetterTokenizer(), BigramNetwork.Configuration());
        Assert.Equal(3, whole.Search.HarnessTasks[0].Sets[0].Documents.Length);
    }

    [Fact]
    public void MetricsOf_EveryTaskThereIs_AreMetricsItIsMarkedBy()
    {
        foreach (var name in TaskCatalog.Names)
        {
            var wanted = HarnessTasks.MetricsOf(name);
            var marked = TaskCatalog.Find(name)?.Metrics ?? [TaskMetrics.Accuracy];

            Assert.False(wanted.IsEmpty, name);
            Assert.All(wanted, m => Assert.Contains(m.Metric, marked));
        }

        Assert.All(HarnessTasks.Names, n => Assert.Contains(n, TaskCatalog.Names));
    }

    private static string Text(IEnumerable<int> ids) => string.Concat(ids.Select(t => t == LetterTokenizer.Mark ? '@' : (char)t));

    private static Objective Objective(string name) => ObjectiveCatalog.FindAmong(name, HarnessSets.Sets.HarnessTasks.Select(t => (t.Name, (string?)t.Task)))!;

    private static EvaluatorOptions Options(EvaluationSets sets) => new(
        [.. sets.HarnessTasks.SelectMany(t => ObjectiveCatalog.OfTask(t.Name, t.Task))], [], WeightFormat.Float32, 64, new(3, 32, 1, 5));
}
