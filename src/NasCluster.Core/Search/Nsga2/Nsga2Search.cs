using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Operators;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Nsga2;

/// <summary>NSGA-II by ask and tell, by generations or one for one.</summary>
/// <remarks>
/// The two modes differ in when outcomes enter the population and how many trials that creates: a generation when all of it is told,
/// or one trial at every tell. Trials are created in the order: initial genomes, random ones up to the population size, children;
/// or, with a start, initial genomes, its probes, its solutions, children.
/// </remarks>
internal sealed class Nsga2Search : ISearch
{
    private readonly Nsga2Options _algorithm;
    private readonly SearchOptions _options;
    private readonly ISearchSpace _space;
    private readonly ObjectiveOrientation _orientation;
    private readonly KnapsackStart? _start;

    /// <summary>The initial genomes and, where there are, the probes of the start.</summary>
    private readonly ImmutableArray<Genome> _initial;
    private readonly ICrossover _crossover;
    private readonly IMutation _mutation;
    private readonly TrialBook _book;
    private readonly Xoshiro256 _random;
    private readonly FreshGenomes _fresh;

    /// <summary>Told successes that wait for the rest of their generation, in the order of their trials.</summary>
    private readonly SortedDictionary<TrialId, Individual> _arrived = [];

    private RankedPopulation _population;

    private Nsga2Search(
        Nsga2Options algorithm, SearchOptions options, ISearchSpace space, TrialBook book, Xoshiro256 random, RankedPopulation population)
    {
        _algorithm = algorithm;
        _options = options;
        _space = space;
        _orientation = new ObjectiveOrientation(options.Objectives);
        _start = algorithm.Start == SearchStart.Knapsack ? new KnapsackStart(options, space) : null;
        var initial = options.InitialGenomes.IsDefault ? [] : options.InitialGenomes.Select(space.Canonicalise);
        _initial = [.. initial.Concat(_start?.Probes ?? []).Distinct()];
        _crossover = algorithm.CreateCrossover();
        _mutation = algorithm.CreateMutation();
        _book = book;
        _random = random;
        _fresh = new FreshGenomes(space, book, random);
        _population = population;
    }

    private bool IsSteadyState => _algorithm.Mode == Nsga2Mode.SteadyState;

    private int FirstGeneration => _start is null ? Math.Max(_algorithm.PopulationSize, _initial.Length) : _initial.Length;

    public bool IsFinished => _book.IsFinished;

    public int Available => _book.Available;

    public int UntilBarrier => _book.Available + (IsSteadyState ? _book.Uncreated : 0);

    /// <remarks>Each generation but the first is as large as the population, and the last may be cut short by the budget: so trials created tell.</remarks>
    public int? Generation => IsSteadyState ? null : (Math.Max(0, _book.Count - FirstGeneration) + _algorithm.PopulationSize - 1) / _algorithm.PopulationSize;

    /// <summary>The survivors of what was told so far, in the order of their trials.</summary>
    internal IReadOnlyList<Individual> Population => _population.Individuals;

    public static Nsga2Search Start(Nsga2Options algorithm, SearchOptions options, ISearchSpace space)
    {
        var search = new Nsga2Search(
            algorithm, options, space, new TrialBook(options, space), new Xoshiro256(options.Seed), new RankedPopulation([]));
        search.CreateTrials(search.IsSteadyState ? options.InFlight : search.FirstGeneration);
        return search;
    }

    public IReadOnlyList<Trial> Ask(int count) => _book.Ask(count);

    public void Tell(TrialId id, EvaluationOutcome outcome)
    {
        if (!_book.TryTell(id, outcome))
        {
            return;
        }

        if (outcome.IsSuccess)
        {
            _arrived.Add(id, new Individual(id, _orientation.Minimised(outcome.Values), outcome.ConstraintViolation));
        }

        if (IsSteadyState || _book.Outstanding == 0)
        {
            var solutions = Solutions();
            _population = _population.Merge(_arrived.Values, _algorithm.PopulationSize);
            _arrived.Clear();
            CreateTrials(IsSteadyState ? 1 : _algorithm.PopulationSize, solutions);
        }
    }

    /// <summary>What the start wants evaluated once its probes, which are the first generation, are told; nothing later.</summary>
    private ImmutableArray<Genome> Solutions() => _start is null || _book.IsFull || _book.Count > FirstGeneration
        ? []
        : _start.Solutions([.. _arrived.Values], id => _book[id], _book.Contains, Math.Min(_algorithm.PopulationSize, _book.Uncreated));

    private void CreateTrials(int count, ImmutableArray<Genome> wanted = default)
    {
        var target = _book.Count + count;
        foreach (var genome in wanted.IsDefault ? [] : wanted)
        {
            _book.TryCreate(genome);
        }

        while (_book.Count < target && !_book.IsFull)
        {
            if (_book.Count < _initial.Length)
            {
                _book.TryCreate(_initial[_book.Count]);
            }
            else if (_book.Count < FirstGeneration || _population.Individuals.Count == 0 || !TryBreed(target))
            {
                _book.TryCreate(_fresh.Next());
            }
        }
    }

    /// <summary>Mates pairs until one has an unknown child, or two; a second child that finds no place is forgotten.</summary>
    /// <returns>False if no pair had one.</returns>
    private bool TryBreed(int target)
    {
        for (var pair = 0; pair <= _algorithm.DuplicateRetries; pair++)
        {
            int[] first = [.. _book[_population.Tournament(_random).Id].Genes];
            int[] second = [.. _book[_population.Tournament(_random).Id].Genes];
            _crossover.Cross(first, second, _space.Cardinalities, _random);
            var created = TryCreateMutated(first);
            if (_book.Count < target && !_book.IsFull)
            {
                created |= TryCreateMutated(second);
            }

            if (created)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryCreateMutated(int[] genes)
    {
        _mutation.Mutate(genes, _space.Cardinalities, _random);
        return _book.TryCreate(_space.Canonicalise(new Genome([.. genes])));
    }

    public SearchSnapshot Snapshot() => SnapshotCodec.Encode(_algorithm, _options, _space, writer =>
    {
        writer.Write(_random.State);
        _book.Write(writer);
        IndividualCodec.Write(writer, _population.Individuals);
        IndividualCodec.Write(writer, [.. _arrived.Values]);
    });

    public static Nsga2Search Read(Nsga2Options algorithm, SearchOptions options, ISearchSpace space, StateReader reader)
    {
        var random = new Xoshiro256(reader.ReadRandomState());
        var book = TrialBook.Read(reader, options, space);
        var population = IndividualCodec.Read(reader, book, options.Objectives.Length);
        var arrived = IndividualCodec.Read(reader, book, options.Objectives.Length);
        if (population.Count > algorithm.PopulationSize || population.Select(i => i.Id).Intersect(arrived.Select(i => i.Id)).Any())
        {
            throw new InvalidDataException("The population is too large, or a trial is in it and still waits to enter.");
        }

        var search = new Nsga2Search(algorithm, options, space, book, random, new RankedPopulation(population));
        foreach (var individual in arrived)
        {
            search._arrived.Add(individual.Id, individual);
        }

        return search;
    }
}
