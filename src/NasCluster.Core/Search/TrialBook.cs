using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search;

/// <summary>Every trial a search created: its genome, whether it was told, whether it was handed out since the search was made or restored.</summary>
/// <remarks>All rules of asking and telling that do not depend on the algorithm are here.</remarks>
internal sealed class TrialBook
{
    private readonly ISearchSpace _space;
    private readonly int _objectiveCount;
    private readonly int _capacity;
    private readonly List<Genome> _genomes = [];
    private readonly HashSet<Genome> _known = [];
    private readonly List<bool> _told = [];
    private int _nextToAsk;
    private bool _isClosed;

    public TrialBook(SearchOptions options, ISearchSpace space)
    {
        _space = space;
        _objectiveCount = options.Objectives.Length;
        _capacity = space.DistinctCount < options.Budget ? (int)space.DistinctCount : options.Budget;
    }

    /// <summary>How many trials were created.</summary>
    public int Count => _genomes.Count;

    /// <summary>How many created trials have no outcome yet.</summary>
    public int Outstanding { get; private set; }

    /// <summary>How many trials are still to be created.</summary>
    public int Uncreated => IsFull ? 0 : _capacity - Count;

    /// <inheritdoc cref="ISearch.Available"/>
    public int Available { get; private set; }

    /// <summary>Whether no more trials can be created: the budget is spent, every genome of the space was proposed, or the book was closed.</summary>
    public bool IsFull => _isClosed || Count >= _capacity;

    public bool IsFinished => IsFull && Outstanding == 0;

    public Genome this[TrialId id] => _genomes[(int)id.Value];

    public bool IsTold(TrialId id) => _told[(int)id.Value];

    public bool Contains(Genome canonical) => _known.Contains(canonical);

    /// <summary>Ends the creating of trials before the budget is spent.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Whether the rest of the budget was given up.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Creates the next trial, unless the genome was proposed before. The book is not full.</summary>
    public bool TryCreate(Genome canonical)
    {
        if (!_known.Add(canonical))
        {
            return false;
        }

        _genomes.Add(canonical);
        _told.Add(false);
        Outstanding++;
        Available++;
        return true;
    }

    /// <inheritdoc cref="ISearch.Ask"/>
    public IReadOnlyList<Trial> Ask(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var trials = new List<Trial>();
        for (; trials.Count < count && _nextToAsk < Count; _nextToAsk++)
        {
            if (!_told[_nextToAsk])
            {
                trials.Add(new Trial(new TrialId(_nextToAsk), _genomes[_nextToAsk]));
            }
        }

        Available -= trials.Count;
        return trials;
    }

    /// <summary>Marks a trial as told.</summary>
    /// <returns>False if it was told before, in which case the outcome must not count again.</returns>
    /// <exception cref="ArgumentException">The trial was never created, or the outcome has not one value per objective.</exception>
    public bool TryTell(TrialId id, EvaluationOutcome outcome)
    {
        if (id.Value < 0 || id.Value >= Count)
        {
            throw new ArgumentException($"Trial {id} was never created; there are trials 0 to {Count - 1}.", nameof(id));
        }

        if (outcome.IsSuccess && outcome.Values.Length != _objectiveCount)
        {
            throw new ArgumentException(
                $"The outcome of trial {id} has {outcome.Values.Length} values; the search has {_objectiveCount} objectives.", nameof(outcome));
        }

        var index = (int)id.Value;
        if (_told[index])
        {
            return false;
        }

        _told[index] = true;
        Outstanding--;
        if (index >= _nextToAsk)
        {
            Available--;
        }

        return true;
    }

    public void Write(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(_genomes, _space.Cardinalities);
        writer.Write(Outstanding);
        for (var i = 0; i < Count; i++)
        {
            if (!_told[i])
            {
                writer.Write(i);
            }
        }
    }

    /// <param name="reader">Where what <see cref="Write"/> wrote comes next.</param>
    /// <param name="options">As they were.</param>
    /// <param name="space">As it was.</param>
    /// <param name="isClosed">Whether the book was closed, which it does not write itself.</param>
    /// <exception cref="InvalidDataException">The book cannot be so.</exception>
    public static TrialBook Read(StateReader reader, SearchOptions options, ISearchSpace space, bool isClosed = false)
    {
        var book = new TrialBook(options, space);
        var count = reader.ReadCount(book._capacity);
        foreach (var genome in reader.ReadGenomes(count, space.Cardinalities))
        {
            if (!space.Canonicalise(genome).Equals(genome) || !book.TryCreate(genome))
            {
                throw new InvalidDataException($"Trial {book.Count} has a genome that is not canonical or is an earlier trial's.");
            }
        }

        var outstanding = reader.ReadCount(count);
        var open = new HashSet<int>();
        for (var i = 0; i < outstanding; i++)
        {
            open.Add(reader.ReadCount(count - 1));
        }

        book._isClosed = isClosed;
        if (open.Count < outstanding || (outstanding == 0 && !book.IsFull))
        {
            throw new InvalidDataException(
                $"{open.Count} different trials of {outstanding} are open; a search with trials left to create has some.");
        }

        for (var i = 0; i < count; i++)
        {
            book._told[i] = !open.Contains(i);
        }

        book.Outstanding = outstanding;
        book.Available = outstanding;
        return book;
    }
}
