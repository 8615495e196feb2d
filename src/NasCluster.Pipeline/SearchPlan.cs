using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Core.Search.Linas;
using NasCluster.Core.Search.MaskEvolution;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Core.Spaces;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Pipeline;

/// <summary>What a specification means for one model: the space, the objectives and the search, with nothing loaded.</summary>
public sealed class SearchPlan
{
    private readonly SearchOptions _options;
    private readonly ChannelScores? _scores;

    /// <summary>Works the plan out.</summary>
    /// <param name="spec">A specification that keeps <see cref="SearchSpecRules.Check"/>.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="scores">
    /// What the stages before the search have made known of channels; null where there are none, or none yet: then the plan says everything
    /// but what genomes mean and what is tried, see <see cref="NeedsScores"/>.
    /// </param>
    /// <param name="table">What <c>measurement.table</c> names, read; null where it names none, or the plan is not to be evaluated.</param>
    /// <exception cref="SpecificationException">The specification does not fit the model.</exception>
    public SearchPlan(SearchSpec spec, LlamaConfiguration configuration, ChannelScores? scores = null, LatencyTable? table = null)
    {
        var problems = SearchSpecRules.CheckAgainst(spec, configuration);
        if (!problems.IsEmpty)
        {
            throw new SpecificationException(null, problems);
        }

        Spec = spec;
        Configuration = configuration;
        Table = table;
        _scores = scores;
        Space = SpecifiedSpace.Of(spec, configuration, scores?.MeasuredOrders);
        WholeGenome = SpecifiedSpace.WholeOf(Space);
        Objectives = ObjectiveCatalog.Of(spec);
        _options = new SearchOptions
        {
            Objectives = Objectives,
            Budget = spec.Budget.Evaluations,
            Seed = (ulong)spec.Seed,
            InFlight = spec.Algorithm.InFlight,
            InitialGenomes = Extremes(spec.Budget.Evaluations),
            Analytic = new AnalyticCosts(spec, configuration, Space, table),
        };
    }

    /// <summary>The specification.</summary>
    public SearchSpec Spec { get; }

    /// <summary>The model's shape.</summary>
    public LlamaConfiguration Configuration { get; }

    /// <summary>The sub-networks to choose from.</summary>
    public IArchitectureSpace Space { get; }

    /// <summary>The sub-networks to choose from, where they are chosen by widths.</summary>
    /// <exception cref="NasClusterException">They are chosen by masks.</exception>
    public LlamaSpace Widths => Space as LlamaSpace ?? throw new NasClusterException("space.kind is masks; this takes sub-networks by widths only.");

    /// <summary>The genome that keeps everything the space can keep.</summary>
    public Genome WholeGenome { get; }

    /// <summary>The objectives, in the order of every outcome's values.</summary>
    public ImmutableArray<Objective> Objectives { get; }

    /// <summary>What objectives of speed are predicted from; null where they are measured.</summary>
    public LatencyTable? Table { get; }

    /// <summary>The orders that the stages before the search have come to; null where there are none, or none yet.</summary>
    public MeasuredOrders? MeasuredOrders => _scores?.MeasuredOrders;

    /// <summary>Whether stages must come first, on whose scores everything else depends.</summary>
    public bool NeedsScores => _scores is null && Spec.Pruning.Importance != ImportanceName.None;

    /// <summary>How many evaluations the search makes: its budget, or all sub-networks where there are fewer; one that stops early makes fewer.</summary>
    public long EvaluationCount => (long)BigInteger.Min(Spec.Budget.Evaluations, Space.DistinctCount);

    /// <summary>Whether an objective or a constraint is measured on the device, which must then do nothing else meanwhile.</summary>
    public bool NeedsDeviceAlone =>
        Spec.Measurement.Table is null
        && (Objectives.Any(o => o.Kind == ObjectiveKind.Measured)
            || Spec.Constraints.Any(c => ObjectiveCatalog.Find(c.Name, [])?.Kind == ObjectiveKind.Measured));

    /// <summary>
    /// The most trials that can wait for their outcomes at once, and so be evaluated at once, in a steady-state search;
    /// null when the search creates them by generation or all at once.
    /// </summary>
    public int? OpenTrials => Spec.Algorithm is { Name: AlgorithmName.Nsga2, Mode: SearchMode.SteadyState } ? Spec.Algorithm.InFlight : null;

    /// <summary>The same plan with the scores that its stages have ended with.</summary>
    public SearchPlan With(ChannelScores scores) => new(Spec, Configuration, scores, Table);

    /// <summary>The search: a new one given null, else one restored from a snapshot of the same plan.</summary>
    /// <exception cref="NasClusterException">The plan cannot be searched, its scores are missing, or the snapshot is not of this plan.</exception>
    public ISearch CreateSearch(SearchSnapshot? snapshot)
    {
        if (NeedsScores)
        {
            throw new NasClusterException("The search needs the importance of channels (pruning.importance), and it has not been measured.");
        }

        var algorithm = AlgorithmOf(Spec.Algorithm);
        return snapshot is null ? Searches.Create(algorithm, _options, Space) : Searches.Restore(algorithm, _options, Space, snapshot);
    }

    /// <summary>
    /// The whole network and the smallest one start every search by widths: they say what the front is to be compared with, and how wide it can
    /// be; where there is one size in mind, a network of that size comes next. Masks have the whole network only, since all others are of one size.
    /// </summary>
    private ImmutableArray<Genome> Extremes(int budget)
    {
        var genomes = new List<Genome> { WholeGenome };
        if (Space is LlamaSpace widths)
        {
            genomes.Add(widths.Canonicalise(widths.SmallestGenome));
            if (Spec.Pruning.Keep is { } keep && UniformStart.Of(widths, Configuration, (long)(keep * CostModel.BlockParameters(Configuration))) is { } start)
            {
                genomes.Add(start);
            }
        }

        return [.. genomes.Distinct().Take(budget)];
    }

    private AlgorithmOptions AlgorithmOf(AlgorithmSpec spec) => spec.Name switch
    {
        AlgorithmName.Nsga2 => BreedingOf(spec) with
        {
            Mode = spec.Mode == SearchMode.SteadyState ? Nsga2Mode.SteadyState : Nsga2Mode.Generational,
            PopulationSize = spec.Population,
            Start = spec.Start,
        },
        AlgorithmName.Random => new RandomSearchOptions(),
        AlgorithmName.MaskEvolution => EvolutionOf(spec.Population),
        AlgorithmName.Linas => LinasOf(spec),
        AlgorithmName.Ehvi => EhviOf(spec),
        AlgorithmName.BlockScores => new BlockScoresOptions(),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Name, "Unknown algorithm."),
    };

    /// <summary>
    /// Mask evolution in a generation of the population's size, parted as in arXiv 2409.17372 (50 mutants, 30 children, 20 strong mutants, 10
    /// parents of 100), with the ranges of shares that its table gives for the size.
    /// </summary>
    private MaskEvolutionOptions EvolutionOf(int population)
    {
        var masks = (MaskSpace)Space;
        var keep = Spec.Pruning.Keep!.Value;
        var whole = CostModel.BlockParameters(Configuration);
        var largest = (long)(keep * whole);
        var (mutants, children) = ((population + 1) / 2, population * 3 / 10);
        return new MaskEvolutionOptions
        {
            Importance = _scores!.Of(masks),
            StartMask = !_scores.StartMask.IsEmpty || Spec.Pruning.Spread == SpreadName.Uniform ? _scores.StartMask : GlobalStart.Of(masks, _scores.Of(masks), largest),
            SmallestSize = (long)Math.Ceiling(Math.Max(0, keep - Spec.Pruning.Tolerance) * whole),
            LargestSize = largest,
            StartShare = keep,
            SmallestAttentionShare = Math.Clamp(keep, 0.6, 1),
            SmallestMlpShare = Math.Clamp(2 * (keep - 0.6), 0.1, 1),
            Mutations = mutants,
            Crossovers = children,
            StrongMutations = Math.Max(0, population - mutants - children),
            Elite = Math.Max(1, population / 10),
        };
    }

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
