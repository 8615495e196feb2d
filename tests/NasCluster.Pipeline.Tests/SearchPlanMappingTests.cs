using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests;

public sealed class SearchPlanMappingTests
{
    private static readonly LlamaConfiguration Configuration = RandomCheckpoint.Configuration(
        layers: 4, hidden: 32, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 48, vocabulary: 300);

    private static readonly SearchSpec Spec = new()
    {
        Model = "model",
        Space = new() { Depth = [4, 2], Mlp = [new(24), new(0.25), new(48)], KvGroups = [2, 1], LayerOrder = [0, 3, 1, 2] },
        Objectives = ["macs_per_token", "parameters"],
        Budget = new() { Evaluations = 60 },
        Algorithm = new() { Population = 8 },
    };

    // The same settings twice, none at its default.
    private static readonly AlgorithmSpec Said = new()
    {
        Population = 8,
        Crossover = new() { Probability = 0.8, Eta = 5, PerGene = 0.4 },
        Mutation = new() { PerIndividual = 0.7, PerGene = 0.3, Eta = 4 },
    };

    private static readonly Nsga2Options Meant = new()
    {
        PopulationSize = 8,
        CrossoverProbability = 0.8,
        CrossoverEta = 5,
        CrossoverGeneProbability = 0.4,
        MutationProbability = 0.7,
        MutationGeneProbability = 0.3,
        MutationEta = 4,
    };

    // Every setting is changed alone, so that none can be dropped or swapped for another.
    public static TheoryData<string> Settings =>
    [
        "nothing", "mode", "population", "crossover", "crossover.probability", "crossover.per_gene", "crossover.eta",
        "mutation.per_individual", "mutation.per_gene", "mutation.eta",
    ];

    [Fact]
    public void Space_OfASpecification_HasItsDepthsWidthsGroupsAndOrder()
    {
        var space = new SearchPlan(Spec, Configuration).Widths;

        // Three widths and two group counts in each layer that stays, for depths 2 and 4.
        Assert.Equal((6 * 6) + (6 * 6 * 6 * 6), space.DistinctCount);
        Assert.Equal(Configuration.FullArchitecture, space.Decode(space.LargestGenome));
        Assert.Equal([(0, 1, 12), (3, 1, 12)],
            space.Decode(space.SmallestGenome).Layers.Select(l => (l.SourceLayer, l.KvGroups.Count, l.MlpChannels.Count)));
    }

    [Fact]
    public void Space_NothingSaid_KeepsAllGroupsAndReachesTheWholeNetwork()
    {
        var space = new SearchPlan(Spec with { Space = new() }, Configuration).Widths;

        Assert.Equal(Configuration.FullArchitecture, space.Decode(space.LargestGenome));
        var smallest = space.Decode(space.SmallestGenome);
        Assert.All(smallest.Layers, l => Assert.Equal(2, l.KvGroups.Count));
        Assert.InRange(smallest.Layers.Length, 1, 3);
    }

    [Fact]
    public void Objectives_OfASpecification_StandInItsOrderWithTheirDirections()
    {
        var spec = Spec with
        {
            Objectives = ["quiz_norm", "parameters", "quiz", "tokens_per_second"],
            Data = new() { Tasks = [new("quiz", "quiz.jsonl")] },
        };

        var objectives = new SearchPlan(spec, Configuration).Objectives;

        var quiz = ObjectiveCatalog.OfTask("quiz");
        Objective[] wanted = [quiz[1], ObjectiveCatalog.Parameters, quiz[0], ObjectiveCatalog.TokensPerSecond];
        Assert.Equal(wanted, objectives);
    }

    [Theory]
    [InlineData(AlgorithmName.Nsga2)]
    [InlineData(AlgorithmName.Random)]
    [InlineData(AlgorithmName.Linas)]
    [InlineData(AlgorithmName.Ehvi)]
    [InlineData(AlgorithmName.BlockScores)]
    public void CreateSearch_New_AsksForTheLargestAndTheSmallestFirst(AlgorithmName name)
    {
        var plan = new SearchPlan(Spec with { Algorithm = Spec.Algorithm with { Name = name } }, Configuration);

        var asked = plan.CreateSearch(null).Ask(3);

        Assert.Equal([plan.Space.Canonicalise(plan.Widths.LargestGenome), plan.Space.Canonicalise(plan.Widths.SmallestGenome)],
            asked.Take(2).Select(t => t.Genome));
        Assert.Equal(3, asked.Select(t => t.Genome).Distinct().Count());
    }

    [Fact]
    public void CreateSearch_BudgetOfOne_AsksForTheLargestAlone()
    {
        var plan = new SearchPlan(Spec with { Budget = new() { Evaluations = 1 } }, Configuration);
        var search = plan.CreateSearch(null);

        var only = Assert.Single(search.Ask(10));
        search.Tell(only.Id, Outcome(only));

        Assert.Equal(plan.Widths.LargestGenome, only.Genome);
        Assert.True(search.IsFinished);
    }

    [Fact]
    public void CreateSearch_SpaceOfOneNetwork_AsksForItOnce()
    {
        var spec = Spec with { Space = new() { Depth = [4], Mlp = [new(1)] } };
        var search = new SearchPlan(spec, Configuration).CreateSearch(null);

        Assert.Single(SearchDriver.Run(search, Outcome));
        Assert.True(search.IsFinished);
    }

    [Theory]
    [InlineData(AlgorithmName.Nsga2)]
    [InlineData(AlgorithmName.Random)]
    [InlineData(AlgorithmName.Linas)]
    [InlineData(AlgorithmName.Ehvi)]
    public void CreateSearch_Seed_DecidesTheTrialsOf(AlgorithmName name)
    {
        var spec = Spec with { Algorithm = Spec.Algorithm with { Name = name } };

        Assert.Equal(TrialsOf(spec), TrialsOf(spec));
        Assert.NotEqual(TrialsOf(spec), TrialsOf(spec with { Seed = 2 }));

        // All 54 bits of a seed count, not the lowest 32 alone.
        Assert.NotEqual(TrialsOf(spec), TrialsOf(spec with { Seed = (1L << 32) + 1 }));
        Assert.Equal(60, TrialsOf(spec).Length);
    }

    [Fact]
    public void CreateSearch_Snapshot_GoesOnAsTheOneThatWroteIt()
    {
        var plan = new SearchPlan(Spec, Configuration);
        var search = plan.CreateSearch(null);
        foreach (var trial in search.Ask(20))
        {
            search.Tell(trial.Id, Outcome(trial));
        }

        var restored = new SearchPlan(Spec, Configuration).CreateSearch(search.Snapshot());

        Assert.Equal(SearchDriver.Run(search, Outcome), SearchDriver.Run(restored, Outcome));
    }

    [Fact]
    public void CreateSearch_SnapshotOfAnotherAlgorithm_IsRefused()
    {
        var snapshot = new SearchPlan(Spec with { Algorithm = new() { Name = AlgorithmName.Random } }, Configuration).CreateSearch(null).Snapshot();

        Assert.Throws<Core.NasClusterException>(() => new SearchPlan(Spec, Configuration).CreateSearch(snapshot));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void CreateSearch_AlgorithmSettings_ReachTheSearch(string setting)
    {
        var (said, meant) = (Said, Meant);
        (said, meant) = setting switch
        {
            "mode" => (said with { Mode = SearchMode.SteadyState }, meant with { Mode = Nsga2Mode.SteadyState }),
            "population" => (said with { Population = 12 }, meant with { PopulationSize = 12 }),
            "crossover" => (said with { Crossover = said.Crossover with { Kind = CrossoverKind.Uniform } }, meant with { Crossover = Nsga2Crossover.Uniform }),
            "crossover.probability" => (said with { Crossover = said.Crossover with { Probability = 0.1 } }, meant with { CrossoverProbability = 0.1 }),
            "crossover.per_gene" => (said with { Crossover = said.Crossover with { PerGene = 0.9 } }, meant with { CrossoverGeneProbability = 0.9 }),
            "crossover.eta" => (said with { Crossover = said.Crossover with { Eta = 0 } }, meant with { CrossoverEta = 0 }),
            "mutation.per_individual" => (said with { Mutation = said.Mutation with { PerIndividual = 0.2 } }, meant with { MutationProbability = 0.2 }),
            "mutation.per_gene" => (said with { Mutation = said.Mutation with { PerGene = null } }, meant with { MutationGeneProbability = null }),
            "mutation.eta" => (said with { Mutation = said.Mutation with { Eta = 0 } }, meant with { MutationEta = 0 }),
            _ => (said, meant),
        };
        var spec = Spec with
        {
            Algorithm = said,
            Budget = new() { Evaluations = 200 },
            Space = Spec.Space with { Mlp = [.. Enumerable.Range(2, 47).Select(w => new MlpWidth(w))] },
        };
        var plan = new SearchPlan(spec, Configuration);
        var options = new SearchOptions
        {
            Objectives = plan.Objectives,
            Budget = 200,
            Seed = 1,
            InitialGenomes = [plan.Widths.LargestGenome, plan.Widths.SmallestGenome],
        };

        Assert.Equal(SearchDriver.Run(Searches.Create(meant, options, plan.Space), Outcome), SearchDriver.Run(plan.CreateSearch(null), Outcome));
        if (setting != "nothing")
        {
            var before = new SearchPlan(spec with { Algorithm = Said }, Configuration);
            Assert.NotEqual(SearchDriver.Run(before.CreateSearch(null), Outcome), SearchDriver.Run(plan.CreateSearch(null), Outcome));
        }
    }

    [Theory]
    [InlineData(false, "macs_per_token", null)]
    [InlineData(false, "macs_per_token", "memory_bytes")]
    [InlineData(true, "latency_ms", null)]
    [InlineData(true, "tokens_per_second", "parameters")]
    [InlineData(true, "parameters", "latency_ms")]
    public void NeedsDeviceAlone_IsSoWhenAnythingIsMeasured(bool expected, string objective, string? constraint)
    {
        var spec = Spec with { Objectives = [objective], Constraints = constraint is null ? [] : [new(constraint, null, 1e9)] };

        Assert.Equal(expected, new SearchPlan(spec, Configuration).NeedsDeviceAlone);
    }

    private static string[] TrialsOf(SearchSpec spec) =>
        [.. SearchDriver.Run(new SearchPlan(spec, Configuration).CreateSearch(null), Outcome).Select(t => t.Genome.ToString())];

    // Two objectives that pull against each other.
    private static EvaluationOutcome Outcome(Trial trial)
    {
        var sum = trial.Genome.Genes.Sum();
        var spread = trial.Genome.Genes.Select((g, i) => g * (i % 3)).Sum();
        ImmutableArray<ObjectiveValue> values = [new(sum, 0), new(100 - spread, 0)];
        return EvaluationOutcome.Success(values);
    }
}
