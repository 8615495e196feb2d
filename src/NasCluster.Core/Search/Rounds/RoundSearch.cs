using NasCluster.Core.Pareto;
using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Rounds;

/// <summary>A search by rounds: once everything of a round is told, the next is proposed from all that is known.</summary>
/// <remarks>
/// The first round are the initial genomes and probes or random ones. The order of tells within a round changes nothing, and each round has a
/// generator of its own, seeded by the search's seed and its number: so the state is what was told and nothing else.
/// </remarks>
internal sealed class RoundSearch : ISearch, IPredictorQuality
{
    private readonly AlgorithmOptions _algorithm;
    private readonly SearchOptions _options;
    private readonly ISearchSpace _space;
    private readonly RoundOptions _rounds;
    private readonly IProposer _proposer;
    private readonly ObjectiveOrientation _orientation;
    private readonly TrialBook _book;

    /// <summary>Trials told with values, in the order of their numbers.</summary>
    private readonly SortedDictionary<TrialId, Individual> _told = [];

    private readonly List<PredictorFit> _fits = [];
    private int _round;

    /// <summary>The first trial of the round.</summary>
    private int _roundStart;

    /// <summary>Rounds in a row, up to the last one told, that left the front as it was.</summary>
    private int _idleRounds;

    /// <summary>Whether the search ended for want of progress.</summary>
    private bool _hasStopped;

    private RoundSearch(
        AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, RoundOptions rounds, IProposer proposer, TrialBook book)
    {
        _algorithm = algorithm;
        _options = options;
        _space = space;
        _rounds = rounds;
        _proposer = proposer;
        _orientation = new ObjectiveOrientation(options.Objectives);
        _book = book;
    }

    public bool IsFinished => _book.IsFinished;

    public int Available => _book.Available;

    public int UntilBarrier => _book.Available;

    public int? Generation => _round;

    public IReadOnlyList<PredictorFit> Fits => _fits;

    public static RoundSearch Start(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, RoundOptions rounds, IProposer proposer)
    {
        var search = new RoundSearch(algorithm, options, space, rounds, proposer, new TrialBook(options, space));
        var initial = options.InitialGenomes.IsDefault ? [] : options.InitialGenomes.Select(space.Canonicalise);
        search.Create(initial.Concat(rounds.Probes));
        search.FillUp(rounds.Probes.IsEmpty ? rounds.FirstSize : 1, search.RandomOfRound());
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
            _told.Add(id, new Individual(id, _orientation.Minimised(outcome.Values), outcome.ConstraintViolation));
        }

        if (_book.Outstanding == 0)
        {
            EndRound();
        }
    }

    private void EndRound()
    {
        if (_rounds.EarlyStopRounds is { } limit)
        {
            _idleRounds = HasMovedFront() ? 0 : _idleRounds + 1;
            if (_idleRounds >= limit)
            {
                _hasStopped = true;
                _book.Close();
            }
        }

        if (_book.IsFull)
        {
            return;
        }

        _round++;
        _roundStart = _book.Count;
        var random = RandomOfRound();
        if (_told.Count > 0)
        {
            var proposal = _proposer.Propose(new Round(_round, _book, [.. _told.Values], random), Math.Min(_rounds.Size, _book.Uncreated));
            _fits.AddRange(proposal.Fits);
            Create(proposal.Genomes);
        }

        FillUp(_roundStart + _rounds.Size, random);
    }

    private void Create(IEnumerable<Genome> genomes)
    {
        foreach (var genome in genomes.TakeWhile(_ => !_book.IsFull))
        {
            _book.TryCreate(genome);
        }
    }

    /// <summary>Whether a trial of the round that was just told is on the front of all that is known.</summary>
    /// <remarks>Trials of equal values leave the front as it was: the archive keeps the earlier.</remarks>
    private bool HasMovedFront()
    {
        var feasible = _told.Values.Where(i => i.Violation == 0).ToArray();
        var before = feasible.Where(i => i.Id.Value < _roundStart).ToArray();
        return feasible.Where(i => i.Id.Value >= _roundStart)
            .Any(added => !Array.Exists(before, known => Dominance.WeaklyDominates(known.Objectives, added.Objectives)));
    }

    private void FillUp(int count, IRandomSource random)
    {
        var fresh = new FreshGenomes(_space, _book, random);
        while (_book.Count < count && !_book.IsFull)
        {
            _book.TryCreate(fresh.Next());
        }
    }

    private Xoshiro256 RandomOfRound() => new(RoundSeed.Of(_options.Seed, _round));

    public SearchSnapshot Snapshot() => SnapshotCodec.Encode(_algorithm, _options, _space, writer =>
    {
        writer.Write(_hasStopped);
        _book.Write(writer);
        IndividualCodec.Write(writer, [.. _told.Values]);
        writer.Write(_round);
        writer.Write(_roundStart);
        writer.Write(_idleRounds);
        foreach (var objective in _options.Objectives)
        {
            writer.Write(_options.Analytic?.Computes(objective) ?? false);
        }

        PredictorFitCodec.Write(writer, _fits, _options.Objectives);
    });

    /// <exception cref="InvalidDataException">The state cannot be one of this search.</exception>
    public static RoundSearch Read(
        AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, RoundOptions rounds, IProposer proposer, StateReader reader)
    {
        var hasStopped = reader.ReadBoolean();
        var book = TrialBook.Read(reader, options, space, hasStopped);
        var search = new RoundSearch(algorithm, options, space, rounds, proposer, book) { _hasStopped = hasStopped };
        foreach (var individual in IndividualCodec.Read(reader, book, options.Objectives.Length))
        {
            search._told.Add(individual.Id, individual);
        }

        search._round = reader.ReadCount(book.Count);
        search._roundStart = reader.ReadCount(book.Count);
        search._idleRounds = reader.ReadCount(search._round + 1);
        foreach (var objective in options.Objectives)
        {
            if (reader.ReadBoolean() != (options.Analytic?.Computes(objective) ?? false))
            {
                throw new InvalidDataException($"{objective.Name} was computed from the genome before or is now, but not both.");
            }
        }

        search._fits.AddRange(PredictorFitCodec.Read(reader, options.Objectives, search._round));
        return search;
    }
}
