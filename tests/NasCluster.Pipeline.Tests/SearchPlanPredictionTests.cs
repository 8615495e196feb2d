using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Core.Search.Linas;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests;

/// <summary>Searches that predict, as a specification asks for them.</summary>
public sealed class SearchPlanPredictionTests
{
    private static readonly LlamaConfiguration Configuration = RandomCheckpoint.Configuration(
        layers: 4, hidden: 32, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 48, vocabulary: 300);

    private static readonly SearchSpec Spec = new()
    {
        Model = "model",
        Data = new() { Text = "text" },
        Space = new() { Depth = [2, 4], Mlp = [new(12), new(24), new(48)], KvGroups = [1, 2] },
        Objectives = ["perplexity", "parameters"],
        Budget = new() { Evaluations = 40 },
    };

    private static readonly AlgorithmSpec Said = new()
    {
        Population = 8,
        Batch = 6,
        Start = SearchStart.Knapsack,
        EarlyStopRounds = 1,
        Predictor = new() { InnerEvaluations = 80 },
        Mutation = new() { PerGene = 0.3, Eta = 4 },
        Crossover = new() { Kind = CrossoverKind.Uniform, Probability = 0.8 },
    };

    public static TheoryData<string> Settings => ["nothing", "population", "batch", "start", "early stop", "inner evaluations", "mutation"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void CreateSearch_LinasSettings_ReachTheSearch(string setting)
    {
        var (said, meant) = (Said with { Name = AlgorithmName.Linas }, new LinasOptions
        {
            PopulationSize = 8,
            BatchSize = 6,
            Start = SearchStart.Knapsack,
            EarlyStopRounds = 1,
            InnerEvaluations = 80,
            Inner = new Nsga2Options { MutationGeneProbability = 0.3, MutationEta = 4, Crossover = Nsga2Crossover.Uniform, CrossoverProbability = 0.8 },
        });
        (said, meant) = setting switch
        {
            "population" => (said with { Population = 12 }, meant with { PopulationSize = 12 }),
            "batch" => (said with { Batch = null }, meant with { BatchSize = null }),
            "start" => (said with { Start = SearchStart.Random }, meant with { Start = SearchStart.Random }),
            "early stop" => (said with { EarlyStopRounds = null }, meant with { EarlyStopRounds = null }),
            "inner evaluations" => (said with { Predictor = new() }, meant with { InnerEvaluations = 10_000 }),
            "mutation" => (said with { Mutation = new() }, meant with { Inner = meant.Inner with { MutationGeneProbability = null, MutationEta = 20 } }),
            _ => (said, meant),
        };

        AssertIsMeant(meant, said);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("batch")]
    [InlineData("inner evaluations")]
    public void CreateSearch_EhviSettings_ReachTheSearch(string setting)
    {
        var (said, meant) = (Said with { Name = AlgorithmName.Ehvi }, new EhviOptions
        {
            PopulationSize = 8,
            BatchSize = 6,
            Start = SearchStart.Knapsack,
            EarlyStopRounds = 1,
            InnerEvaluations = 80,
        });
        (said, meant) = setting switch
        {
            "batch" => (said with { Batch = null }, meant with { BatchSize = 8 }),
            "inner evaluations" => (said with { Predictor = new() }, meant with { InnerEvaluations = 2_000 }),
            _ => (said, meant),
        };

        AssertIsMeant(meant, said);
    }

    [Fact]
    public void CreateSearch_KnapsackStart_ReachesNsga2() =>
        AssertIsMeant(
            new Nsga2Options { PopulationSize = 8, Start = SearchStart.Knapsack },
            new AlgorithmSpec { Population = 8, Start = SearchStart.Knapsack });

    [Fact]
    public void CreateSearch_BlockScores_IsTheBaseline() => AssertIsMeant(new BlockScoresOptions(), new AlgorithmSpec { Name = AlgorithmName.BlockScores });

    [Fact]
    public void CreateSearch_LinasWithALargePopulation_PredictsAtLeastSoMany()
    {
        var spec = Spec with { Algorithm = new() { Name = AlgorithmName.Linas, Population = 20_000 } };

        Assert.Equal(40, new SearchPlan(spec, Configuration).CreateSearch(null).Available);
    }

    /// <summary>A search that computes objectives must compute what its evaluators give, bit for bit.</summary>
    [Theory]
    [InlineData("parameters")]
    [InlineData("block_parameters")]
    [InlineData("memory_bytes")]
    [InlineData("macs_per_token")]
    [InlineData("kv_cache_bytes")]
    [InlineData("latency_ms")]
    [InlineData("decode_tokens_per_second")]
    public void Compute_AnalyticObjective_IsTheEvaluatorsValue(string name)
    {
        var spec = Spec with { Objectives = [name], Costs = new() { Weights = WeightFormat.Int8, Context = 7 }, Data = new() };
        var table = GivenTable.Of(spec, Configuration);
        var plan = new SearchPlan(spec, Configuration, table: table);
        var costs = new AnalyticCosts(spec, Configuration, plan.Space, table);
        using var network = new RecordingNetwork(Configuration, "network");
        using var evaluator = new SuperNetworkEvaluator(network, EvaluatorOptions.From(spec, Configuration, table), EvaluationSets.None);
        foreach (var genome in new[] { plan.Widths.LargestGenome, plan.Widths.SmallestGenome })
        {
            var outcome = evaluator.Evaluate([plan.Space.Decode(genome)], null, CancellationToken.None)[0];

            Assert.True(costs.Computes(plan.Objectives[0]));
            Assert.Equal(outcome.Values[0].Value, costs.Compute(plan.Objectives[0], genome));
        }
    }

    [Fact]
    public void Computes_ScoredOrMeasuredObjective_IsNotSo()
    {
        var costs = new AnalyticCosts(Spec, Configuration, new SearchPlan(Spec, Configuration).Widths);

        Assert.False(costs.Computes(ObjectiveCatalog.Perplexity));
        Assert.False(costs.Computes(ObjectiveCatalog.LatencyMs));
    }

    private static void AssertIsMeant(AlgorithmOptions meant, AlgorithmSpec said)
    {
        var spec = Spec with { Algorithm = said };
        var plan = new SearchPlan(spec, Configuration);
        var options = new SearchOptions
        {
            Objectives = plan.Objectives,
            Budget = 40,
            Seed = 1,
            InitialGenomes = [plan.Widths.LargestGenome, plan.Widths.SmallestGenome],
            Analytic = new AnalyticCosts(spec, Configuration, plan.Space),
        };

        // Snapshots carry a fingerprint of every setting.
        Assert.Equal(Searches.Create(meant, options, plan.Space).Snapshot(), plan.CreateSearch(null).Snapshot());
    }
}
