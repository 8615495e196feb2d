using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Core.Search.Linas;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Core.Spaces;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline;

/// <summary>What a specification means for one model: the space, the objectives and the search, with nothing loaded.</summary>
public sealed class SearchPlan
{
    private readonly AlgorithmOptions _algorithm;
    private readonly SearchOptions _options;

    /// <summary>Works the plan out.</summary>
    /// <param name="spec">A specification that keeps <see cref="SearchSpecRules.Check"/>.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <exception cref="SpecificationException">The specification does not fit the model.</exception>
    public SearchPlan(SearchSpec spec, LlamaConfiguration configuration)
    {
        var problems = SearchSpecRules.CheckAgainst(spec, configuration);
        if (!problems.IsEmpty)
        {
            throw new SpecificationException(null, problems);
        }

        Spec = spec;
        Configuration = configuration;
        Space = new LlamaSpace(configuration, spec.Space.Resolve(configuration));
        Objectives = ObjectiveCatalog.Of(spec);
        _algorithm = AlgorithmOf(spec.Algorithm);
        _options = new SearchOptions
        {
            Objectives = Objectives,
            Budget = spec.Budget.Evaluations,
            Seed = (ulong)spec.Seed,
            InFlight = spec.Algorithm.InFlight,
            InitialGenomes = Extremes(Space, spec.Budget.Evaluations),
            Analytic = new AnalyticCosts(spec, configuration, Space),
        };
    }

    /// <summary>The specification.</summary>
    public SearchSpec Spec { get; }

    /// <summary>The model's shape.</summary>
    public LlamaConfiguration Configuration { get; }

    /// <summary>The sub-networks to choose from.</summary>
    public LlamaSpace Space { get; }

    /// <summary>The objectives, in the order of every outcome's values.</summary>
    public ImmutableArray<Objective> Objectives { get; }

    /// <summary>How many evaluations the search makes: its budget, or all sub-networks where there are fewer; one that stops early makes fewer.</summary>
    public long EvaluationCount => (long)BigInteger.Min(Spec.Budget.Evaluations, Space.DistinctCount);

    /// <summary>Whether an objective or a constraint is measured on the device, which must then do nothing else meanwhile.</summary>
    public bool NeedsDeviceAlone =>
        Objectives.Any(o => o.Kind == ObjectiveKind.Measured)
        || Spec.Constraints.Any(c => ObjectiveCatalog.Find(c.Name, [])?.Kind == ObjectiveKind.Measured);

    /// <summary>
    /// The most trials that can wait for their outcomes at once, and so be evaluated at once, in a steady-state search;
    /// null when the search creates them by generation or all at once.
    /// </summary>
    public int? OpenTrials => Spec.Algorithm is { Name: AlgorithmName.Nsga2, Mode: SearchMode.SteadyState } ? Spec.Algorithm.InFlight : null;

    /// <summary>The search: a new one given null, else one restored from a snapshot of the same plan.</summary>
    /// <exception cref="NasClusterException">The plan cannot be searched, or the snapshot is not of this plan.</exception>
    public ISearch CreateSearch(SearchSnapshot? snapshot) =>
        snapshot is null ? Searches.Create(_algorithm, _options, Space) : Searches.Restore(_algorithm, _options, Space, snapshot);

    /// <summary>
    /// The whole network and the smallest one start every search: they say what the front is to be compared with, and how wide it can be.
    /// </summary>
    private static ImmutableArray<Genome> Extremes(LlamaSpace space, int budget)
    {
        ImmutableArray<Genome> both = [space.LargestGenome, space.SmallestGenome];
        return [.. both.Select(space.Canonicalise).Distinct().Take(budget)];
    }

    private static AlgorithmOptions AlgorithmOf(AlgorithmSpec spec) => spec.Name switch
    {
        AlgorithmName.Nsga2 => BreedingOf(spec) with
        {
            Mode = spec.Mode == SearchMode.SteadyState ? Nsga2Mode.SteadyState : Nsga2Mode.Generational,
            PopulationSize = spec.Population,
            Start = spec.Start,
        },
        AlgorithmName.Random => new RandomSearchOptions(),
        AlgorithmName.Linas => LinasOf(spec),
        AlgorithmName.Ehvi => EhviOf(spec),
        AlgorithmName.BlockScores => new BlockScoresOptions(),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Name, "Unknown algorithm."),
    };

    private static LinasOptions LinasOf(AlgorithmSpec spec)
    {
        var defaults = new LinasOptions();
        return defaults with
        {
            PopulationSize = spec.Population,
            BatchSize = spec.Batch,
            Start = spec.Start,
            EarlyStopRounds = spec.EarlyStopRounds,
            InnerEvaluations = spec.Predictor.InnerEvaluations ?? Math.Max(defaults.InnerEvaluations, spec.Population),
            Inner = BreedingOf(spec),
        };
    }

    private static EhviOptions EhviOf(AlgorithmSpec spec)
    {
        var defaults = new EhviOptions();
        return defaults with
        {
            PopulationSize = spec.Population,
            BatchSize = spec.Batch ?? defaults.BatchSize,
            Start = spec.Start,
            EarlyStopRounds = spec.EarlyStopRounds,
            InnerEvaluations = spec.Predictor.InnerEvaluations ?? Math.Max(defaults.InnerEvaluations, spec.Population),
        };
    }

    /// <summary>How parents are combined and children changed, by the search or by the one inside it.</summary>
    private static Nsga2Options BreedingOf(AlgorithmSpec spec) => new()
    {
        Crossover = spec.Crossover.Kind == CrossoverKind.Uniform ? Nsga2Crossover.Uniform : Nsga2Crossover.SimulatedBinary,
        CrossoverProbability = spec.Crossover.Probability,
        CrossoverGeneProbability = spec.Crossover.PerGene,
        CrossoverEta = spec.Crossover.Eta,
        MutationProbability = spec.Mutation.PerIndividual,
        MutationGeneProbability = spec.Mutation.PerGene,
        MutationEta = spec.Mutation.Eta,
    };
}
