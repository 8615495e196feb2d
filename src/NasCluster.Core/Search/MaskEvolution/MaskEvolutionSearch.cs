using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Snapshots;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.MaskEvolution;

/// <summary>Mask evolution by ask and tell, generation by generation.</summary>
/// <remarks>
/// Trials are created in the order: initial genomes, the start, strong mutants of the start up to the size of a generation; then in every
/// generation mutants, children of two, strong mutants. Initial genomes outside the window are tried, but are no parents.
/// </remarks>
internal sealed class MaskEvolutionSearch : ISearch
{
    private readonly MaskEvolutionOptions _algorithm;
    private readonly SearchOptions _options;
    private readonly MaskSpace _space;
    private readonly ObjectiveOrientation _orientation;
    private readonly ImmutableArray<Genome> _initial;
    private readonly TrialBook _book;
    private readonly Xoshiro256 _random;
    private readonly MaskBreeder _breeder;
    private readonly SortedDictionary<TrialId, Individual> _arrived = [];
    private RankedPopulation _elite;

    private MaskEvolutionSearch(
        MaskEvolutionOptions algorithm, SearchOptions options, MaskSpace space, TrialBook book, Xoshiro256 random, RankedPopulation elite)
    {
        _algorithm = algorithm;
        _options = options;
        _space = space;
        _orientation = new ObjectiveOrientation(options.Objectives);
        _initial = options.InitialGenomes.IsDefault ? [] : [.. options.InitialGenomes.Select(space.Canonicalise).Distinct()];
        _book = book;
        _random = random;
        _breeder = new MaskBreeder(algorithm, space, random);
        _elite = elite;
    }

    public bool IsFinished => _book.IsFinished;

    public int Available => _book.Available;

    public int UntilBarrier => _book.Available;

    public int? Generation => (Math.Max(0, _book.Count - _initial.Length) + _algorithm.GenerationSize - 1) / _algorithm.GenerationSize is var begun and > 0 ? begun - 1 : 0;

    public static MaskEvolutionSearch Start(MaskEvolutionOptions algorithm, SearchOptions options, MaskSpace space)
    {
        var search = new MaskEvolutionSearch(algorithm, options, space, new TrialBook(options, space), new Xoshiro256(options.Seed), new RankedPopulation([]));
        search.Begin();
        return search;
    }

    public IReadOnlyList<Trial> Ask(int count) => _book.Ask(count);

    public void Tell(TrialId id, EvaluationOutcome outcome)
    {
        if (!_book.TryTell(id, outcome))
        {
            return;
        }

        if (outcome.IsSuccess && IsInWindow(_book[id]))
        {
            _arrived.Add(id, new Individual(id, _orientation.Minimised(outcome.Values), outcome.ConstraintViolation));
        }

        if (_book.Outstanding == 0)
        {
            _elite = _elite.Merge(_arrived.Values, _algorithm.Elite);
            _arrived.Clear();
            Breed();
        }
    }

    public SearchSnapshot Snapshot() => SnapshotCodec.Encode(_algorithm, _options, _space, writer =>
    {
        writer.Write(_random.State);
        writer.Write(_book.IsClosed);
        _book.Write(writer);
        IndividualCodec.Write(writer, _elite.Individuals);
        IndividualCodec.Write(writer, [.. _arrived.Values]);
    });

    public static MaskEvolutionSearch Read(MaskEvolutionOptions algorithm, SearchOptions options, MaskSpace space, StateReader reader)
    {
        var random = new Xoshiro256(reader.ReadRandomState());
        var book = TrialBook.Read(reader, options, space, isClosed: reader.ReadBoolean());
        var elite = IndividualCodec.Read(reader, book, options.Objectives.Length);
        var arrived = IndividualCodec.Read(reader, book, options.Objectives.Length);
        if (elite.Count > algorithm.Elite || elite.Select(i => i.Id).Intersect(arrived.Select(i => i.Id)).Any())
        {
            throw new InvalidDataException("The elite is too large, or a trial is in it and still waits to enter.");
        }

        var search = new MaskEvolutionSearch(algorithm, options, space, book, random, new RankedPopulation(elite));
        foreach (var individual in arrived)
        {
            search._arrived.Add(individual.Id, individual);
        }

        return search;
    }

    private bool IsInWindow(Genome genome) =>
        _space.BlockParameters(_space.Read(genome), genome.Genes[0]) is var size && size >= _algorithm.SmallestSize && size <= _algorithm.LargestSize;

    private void Begin()
    {
        foreach (var genome in _initial)
        {
            _book.TryCreate(genome);
        }

        var start = Start();
        if (!_book.IsFull)
        {
            TryCreate(start);
        }

        var target = _initial.Length + _algorithm.GenerationSize;
        Create(target, () => _breeder.Mutate(start, strongly: true));
    }

    private void Breed()
    {
        if (_elite.Individuals.Count == 0)
        {
            // Nothing can be bred from: all failed. The start is what there is.
            var start = Start();
            Create(_book.Count + _algorithm.GenerationSize, () => _breeder.Mutate(start, strongly: true));
        }
        else
        {
            var first = _book.Count;
            Create(first + _algorithm.Mutations, () => _breeder.Mutate(Parent(), strongly: false));
            Create(first + _algorithm.Mutations + _algorithm.Crossovers, () => _breeder.Cross(Parent(), Parent()));
            Create(first + _algorithm.GenerationSize, () => _breeder.Mutate(Parent(), strongly: true));
        }

        if (_book.Outstanding == 0)
        {
            _book.Close();
        }
    }

    private MaskCandidate Start() => _breeder.Start() ?? throw Infeasible();

    private MaskCandidate Parent()
    {
        var genome = _book[_elite.Individuals[_random.NextInt(_elite.Individuals.Count)].Id];
        return new MaskCandidate(genome.Genes[0], _space.Read(genome));
    }

    /// <summary>Creates trials up to a number; fewer where a thousand children in a row are known already or outside the window.</summary>
    private void Create(int target, Func<MaskCandidate?> make)
    {
        for (var tries = 0; _book.Count < target && !_book.IsFull && tries < _algorithm.Tries; tries++)
        {
            if (make() is { } child && TryCreate(child))
            {
                tries = -1;
            }
        }
    }

    private bool TryCreate(MaskCandidate candidate) => _book.TryCreate(_space.Encode(candidate.Depth, candidate.Mask));

    private NasClusterException Infeasible()
    {
        var (smallest, largest) = _breeder.Sizes();
        var found = _breeder.NearestSize is { } nearest ? $" The nearest size possible is {nearest}." : "";
        return new NasClusterException(
            $"No mask has a size from {_algorithm.SmallestSize} to {_algorithm.LargestSize}: depths and shares allow {smallest} to {largest} weights in the layers.{found} "
            + "Widen the window, or allow smaller shares or other depths.");
    }
}
