using NasCluster.Core;
using NasCluster.Core.Search.PolicyGradient;
using NasCluster.Core.Specification;

namespace NasCluster.Specification.Tests;

public sealed class SearchSpecReaderTests
{
    private const string Good = "model: m\ndata:\n  text: t\n";

    [Fact]
    public void Read_FullExample_TakesEveryValue()
    {
        var spec = SearchSpecReader.Read(Examples.Text("full.yaml")).SpecOrThrow(null);

        var expected = new SearchSpec
        {
            Model = "models/llama-2-7b",
            Tokenizer = "models/llama-2-7b/tokenizer.model",
            Data = new()
            {
                Text = "wikitext.txt",
                CalibrationShare = 0.3,
                SearchShare = 0.25,
                SearchTokens = 16384,
                ReportTokens = null,
                Window = 2048,
                Stride = 1024,
                Separator = "<|endoftext|>",
                Documents = DocumentRule.Apart,
                Join = "\n\n",
                FirstToken = FirstTokenRule.Skip,
                Tasks = [new("arc_easy", "ARC-Easy-Test.jsonl"), new("arc_challenge", "ARC-Challenge-Test.jsonl")],
                SearchQuestions = 200,
                ReportQuestions = null,
            },
            Space = new()
            {
                Attention = AttentionParts.Both,
                Depth = [24, 28, 32],
                Mlp = [new(0.5), new(8192), new(1)],
                HeadPairs = [0.75, 1],
                KvGroups = [16, 32],
                LayerOrder = [3, 2, 1, 0],
            },
            Objectives = ["arc_easy", "arc_challenge_norm", "parameters", "tokens_per_second"],
            Constraints = [new("parameters", null, 5e9), new("arc_easy", 0.5, null)],
            Costs = new() { Weights = WeightFormat.Float16, Context = 2048 },
            Measurement = new() { Batch = 4, Tokens = 512, NewTokens = 32, WarmUp = 3, Repeats = 11, Table = "latency.json", TableDevice = TableDevice.Any },
            Algorithm = new()
            {
                Name = AlgorithmName.Nsga2,
                Mode = SearchMode.SteadyState,
                Population = 40,
                Batch = 20,
                EarlyStopRounds = 4,
                Predictor = new() { InnerEvaluations = 5000 },
                InFlight = 12,
                Crossover = new() { Kind = CrossoverKind.Uniform, Probability = 0.8, Eta = 10, PerGene = 0.4 },
                Mutation = new() { PerIndividual = 0.9, PerGene = 0.05, Eta = 25 },
            },
            Pruning = new()
            {
                Keep = 0.8,
                Tolerance = 0.02,
                Importance = ImportanceName.Wanda,
                Spread = SpreadName.Global,
                Sequences = 64,
                PolicyGradient = new() { Steps = 3000, Samples = 4, Batch = 16, Window = 256, LearningRate = 0.001, LayerShare = 0.9, Scaling = ScoreScaling.Variance },
                Repair = RepairName.Admm,
                Score = ScoredState.Repaired,
                Damping = 0.05,
            },
            Budget = new() { Evaluations = 250 },
            Seed = 7,
        };
        Assert.Equal(expected, spec);
    }

    [Fact]
    public void Read_EveryExample_HasNoProblem() => Assert.All(Examples.Files, f => Assert.Empty(SearchSpecReader.Read(File.ReadAllText(f)).Problems));

    [Fact]
    public void Read_FullExample_NamesEveryKey()
    {
        // The example is what the tests of reader, writer and schema lean on, so a new key must be added to it.
        var root = (MappingNode)NodeReader.Read(Examples.Text("full.yaml"))!;
        var written = Paths("", root).ToHashSet();
        Assert.All(SearchSpecKeys.All, k => Assert.Contains(k.Path, written));
    }

    [Fact]
    public void Read_ManyProblems_ReportsAllInOrderWithPlaces()
    {
        var reading = SearchSpecReader.Read("""
            model: m
            data:
              text: t
              window: 1
            algoritm:
              population: 10
            algorithm:
              populaton: 20
              mutation: {per_gene: 1.4, eta: fast}
              name: nsga3
            budget: {evaluations: 0}
            seed: 1
            seed: 2
            space:
              depth: [3, 3, 0, four]
            objectives: perplexity
            """);

        Assert.Equal(
            [
                "line 4, column 11: data.window is 1; it must be in [2, 1048576].",
                "line 5, column 1: algoritm is no known key (did you mean algorithm?); the file may have model, tokenizer, data, space, objectives, constraints, costs, measurement, algorithm, pruning, budget, seed.",
                "line 8, column 3: algorithm.populaton is no known key (did you mean population?); algorithm may have name, mode, population, start, batch, early_stop_rounds, predictor, in_flight, crossover, mutation.",
                "line 9, column 24: algorithm.mutation.per_gene is 1.4; it must be in [0, 1].",
                "line 9, column 34: algorithm.mutation.eta is 'fast'; it must be a number.",
                "line 10, column 9: algorithm.name is 'nsga3' (did you mean nsga2?); it must be one of nsga2, random, linas, ehvi, block_scores, mask_evolution.",
                "line 11, column 23: budget.evaluations is 0; it must be in [1, 1000000].",
                "line 13, column 1: seed is there twice; it is first in line 12.",
                "line 15, column 17: space.depth[2] is 0; it must be in [1, 2147483647].",
                "line 15, column 20: space.depth[3] is 'four'; it must be a whole number.",
                "line 16, column 13: objectives is 'perplexity'; it must be a list of names.",
            ],
            reading.Problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("", "model is missing; it names the checkpoint to search.")]
    [InlineData("- a", "line 1, column 1: the file is a list; it must be a mapping of keys such as model and data.")]
    [InlineData("model: m", "data.text is missing; perplexity in objectives[0] needs a text.")]
    [InlineData("modle: m\ndata: {text: t}", "line 1, column 1: modle is no known key (did you mean model?)")]
    [InlineData("model: 7\ndata: {text: t}", "line 1, column 8: model is 7; it must be text (put it in quotes).")]
    [InlineData("model: [a]\ndata: {text: t}", "line 1, column 8: model is a list; it must be text.")]
    [InlineData(Good + "  stride: 9\n  window: 8", "line 4, column 11: data.stride is 9; it must be at most data.window, 8")]
    [InlineData(Good + "  window: 8.5", "line 4, column 11: data.window is 8.5; it must be a whole number.")]
    [InlineData(Good + "  window: 99999999999999999999", "data.window is 99999999999999999999; it must be in [2, 1048576].")]
    [InlineData(Good + "  search_share: .nan", "data.search_share is .nan; it must be in (0, 1].")]
    [InlineData(Good + "  search_tokens: most", "data.search_tokens is 'most'; it must be a whole number or all.")]
    [InlineData(Good + "  first_token: true", "data.first_token is true; it must be one of bos, skip.")]
    [InlineData(Good + "  separator: ''", "data.separator is empty; leave it out when the file is one document.")]
    [InlineData(Good + "  documents: apart", "data.documents is apart; it needs data.separator to tell one document from the next.")]
    [InlineData(Good + "  tasks: {parameters: p}", "data.tasks.parameters: parameters is an objective already; name the task otherwise.")]
    [InlineData(Good + "  tasks: {x_norm: p}", "data.tasks.x_norm: names ending in _norm are kept for length-normalised accuracy.")]
    [InlineData(Good + "  tasks: {X: p}", "data.tasks.X: a task's name starts with a small letter")]
    [InlineData(Good + "  tasks: {a: p, a: q}", "data.tasks.a is there twice; it is first in line 4.")]
    [InlineData(Good + "space: {mlp: [1.5]}", "space.mlp[0] is 1.5; it must be a share in (0, 1] or a whole number of channels from 2.")]
    [InlineData(Good + "space: {mlp: []}", "space.mlp is an empty list; it must be a list of widths.")]
    [InlineData(Good + "space: {depth: [4, 4]}", "space.depth[1] is 4 again; each value may be there once.")]
    [InlineData(Good + "space: {layer_order: [0, 2]}", "space.layer_order[1] is 2; the list must name each of its 2 layers, 0 to 1, once.")]
    [InlineData(Good + "space: {layer_order: suffix}", "space.layer_order is 'suffix'; it must be prefix or a list of whole numbers.")]
    [InlineData(Good + "objectives: [perplexty]", "objectives[0] names 'perplexty', which is no objective (did you mean perplexity?); there are perplexity,")]
    [InlineData(Good + "constraints: {parameters: {}}", "constraints.parameters has neither min nor max; it must have at least one.")]
    [InlineData(Good + "constraints: {parameters: {min: 2, max: 1}}", "constraints.parameters has min 2 above max 1; nothing can meet both.")]
    [InlineData(Good + "constraints: {parameters: {maxx: 1}}", "constraints.parameters.maxx is no known key (did you mean max?); a constraint may have min, max.")]
    [InlineData(Good + "algorithm: [a]", "algorithm is a list; it must be a mapping of name, mode, population, start, batch, early_stop_rounds, predictor, in_flight, crossover, mutation.")]
    [InlineData(Good + "algorithm: {population: 1}", "algorithm.population is 1; it must be in [2, 100000].")]
    [InlineData(Good + "algorithm: {start: warm}", "algorithm.start is 'warm'; it must be one of random, knapsack.")]
    [InlineData(Good + "algorithm: {name: random, start: knapsack}", "algorithm.start is knapsack; with algorithm.name random it must be random.")]
    [InlineData(Good + "algorithm: {mode: steady_state, start: knapsack}", "algorithm.start is knapsack; with algorithm.mode steady_state it must be random")]
    [InlineData(Good + "algorithm: {batch: 0}", "algorithm.batch is 0; it must be in [1, 100000].")]
    [InlineData(Good + "algorithm: {early_stop_rounds: 0}", "algorithm.early_stop_rounds is 0; it must be in [1, 100000].")]
    [InlineData(Good + "algorithm: {name: linas, predictor: {inner_evaluations: 49}}", "algorithm.predictor.inner_evaluations is 49; it must be at least algorithm.population, 50.")]
    [InlineData(Good + "algorithm: {predictor: {inner: 49}}", "algorithm.predictor.inner is no known key")]
    [InlineData(Good + "algorithm: {name: ehvi}\nobjectives: [perplexity, parameters, block_parameters, memory_bytes, macs_per_token]", "objectives names 5; algorithm.name ehvi takes at most 4, linas any number.")]
    [InlineData(Good + "algorithm: {in_flight: 0}", "algorithm.in_flight is 0; it must be in [1, 100000].")]
    [InlineData(Good + "algorithm: {in_flight: many}", "algorithm.in_flight is 'many'; it must be a whole number.")]
    [InlineData(Good + "algorithm: {inflight: 4}", "algorithm.inflight is no known key (did you mean in_flight?)")]
    [InlineData(Good + "seed: -1", "seed is -1; it must be in [0, 9007199254740992].")]
    [InlineData("model: &a m", "line 1, column 8: anchors (&) and aliases (*) are not allowed; write the value out.")]
    [InlineData("model: !!str m", "line 1, column 8: tags (!) are not allowed.")]
    [InlineData("model: a\n---\nmodel: b", "a second document starts here; the file must hold one.")]
    [InlineData("model: [", "this is not YAML:")]
    [InlineData("model: m\nfoo\ndata: {text: t}", "line 2")]
    [InlineData("model: m\nfoo bar\nbaz: 1\n", "line 2")]
    [InlineData("foo\nbar\n", "the file is 'foo bar'; it must be a mapping of keys such as model and data.")]
    [InlineData("model: m\n  window: 8\n", "line 2")]
    [InlineData("model: \"m\n", "this is not YAML:")]
    [InlineData("...\n...\n", "this is not YAML from here on")]
    [InlineData("? [a]\n: b", "a key is a list; it must be a word.")]
    public void Read_BadValue_SaysWhatIsThereAndTheRule(string yaml, string message)
    {
        var problems = SearchSpecReader.Read(yaml).Problems;
        Assert.Contains(problems, p => p.ToString().Contains(message, StringComparison.Ordinal));
        Assert.All(problems, p => Assert.DoesNotContain('\n', p.Message));
    }

    [Theory]
    [InlineData("modle: m\ndata: {text: t}")]
    [InlineData("model: 7\ndata: {text: t}")]
    [InlineData("model: m\nobjectives: 3")]
    [InlineData("model: m\ndata: {tasks: 3}\nobjectives: [arc]")]
    public void Read_OneMistake_ReportsNothingThatOnlyFollowsFromIt(string yaml) => Assert.Single(SearchSpecReader.Read(yaml).Problems);

    [Fact]
    public void Read_NothingAfterAKey_LeavesTheDefault()
    {
        var spec = SearchSpecReader.Read(Good + "  window:\nspace:\nseed: ~\nalgorithm: {mutation: {per_gene: null}}").SpecOrThrow(null);
        Assert.Equal(new SearchSpec { Model = "m", Data = new() { Text = "t" } }, spec);
    }

    [Fact]
    public void Read_IntegersAsJsonMayWriteThem_AreTaken()
    {
        var spec = SearchSpecReader.Read(Good + "budget: {evaluations: 1e3}\nseed: 9007199254740991").SpecOrThrow(null);
        Assert.Equal(1000, spec.Budget.Evaluations);
        Assert.Equal(9007199254740991, spec.Seed);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Read_DeepNesting_IsRefused(char open)
    {
        var problem = Assert.Single(SearchSpecReader.Read("model: " + new string(open, 5000)).Problems);
        Assert.Contains($"nested more than {SpecLimits.Depth} deep", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyValues_IsRefused()
    {
        var problem = Assert.Single(SearchSpecReader.Read($"objectives: [{string.Join(',', Enumerable.Repeat("a", SpecLimits.Nodes))}]").Problems);
        Assert.Equal($"there are more than {SpecLimits.Nodes} values.", problem.Message);
    }

    [Fact]
    public void Read_TooLong_IsRefused() =>
        Assert.Contains("it may have at most", Assert.Single(SearchSpecReader.Read(new string(' ', SpecLimits.Length + 1)).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_ThousandsOfProblems_ListsTheFirstHundredAndCountsTheRest()
    {
        var problems = SearchSpecReader.Read(string.Concat(Enumerable.Range(0, 1000).Select(i => $"wrong{i}: 1\n"))).Problems;
        Assert.Equal(SpecLimits.Problems + 1, problems.Length);
        Assert.Equal("there are 902 more problems.", problems[^1].Message);
    }

    [Fact]
    public void Read_Override_ReplacesTheFilesValueAndItsProblems()
    {
        var reading = SearchSpecReader.Read(
            "data: {text: 3}\nbudget: {evaluations: 0}\nspace: {depth: [0]}",
            [new("model", "C: drive/m", "--model"), new("data.text", "123", "--text"), new("budget.evaluations", "20", "--evaluations"), new("space.depth", "[2]", "--set")]);
        var spec = reading.SpecOrThrow(null);
        Assert.Equal(("C: drive/m", "123", 20, 2), (spec.Model, spec.Data.Text, spec.Budget.Evaluations, spec.Space.Depth.Single()));
    }

    [Fact]
    public void Read_BadOverride_NamesTheOption()
    {
        var reading = SearchSpecReader.Read(Good, [new("seed", "-1", "--seed"), new("sed", "1", "--set"), new("data.stride", "9", "--stride"), new("data.window", "8", "--window")]);
        Assert.Equal(
            [
                "--seed: seed is -1; it must be in [0, 9007199254740992].",
                "--set: there is no key 'sed' (did you mean seed?).",
                "--stride: data.stride is 9; it must be at most data.window, 8, or tokens between windows are lost.",
            ],
            reading.Problems.Select(p => p.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ReadFile_NotUtf8_SaysWhere()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [(byte)'a', 0xFF]);
            var failure = Assert.Throws<NasClusterException>(() => SearchSpecReader.ReadFile(path));
            Assert.Equal($"{path} is not UTF-8: byte 1 starts no character.", failure.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ReadFile_NoSuchFile_SaysSo() =>
        Assert.Contains("nowhere.yaml cannot be read", Assert.Throws<NasClusterException>(() => SearchSpecReader.ReadFile("nowhere.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Locate_ProblemFoundAgainstTheModel_GetsItsPlace()
    {
        var reading = SearchSpecReader.Read(Good + "space:\n  depth: [2, 9]");
        var located = reading.Locate([new("space.depth[1]", "too deep"), new("data.window", "too wide"), new("seed", "unlucky")]);
        Assert.Equal([(4 + 1, 14), (2, 1), ((int?)null, (int?)null)], located.Select(p => (p.Line, p.Column)));
    }

    private static IEnumerable<string> Paths(string prefix, MappingNode mapping) =>
        mapping.Entries.SelectMany(e => e.Value is MappingNode inner
            ? Paths($"{prefix}{e.Key.Value}.", inner).Append(prefix + e.Key.Value)
            : [prefix + e.Key.Value]);
}
