using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Storage.Evaluations;

/// <summary>Remembered outcomes in memory, kept in cells so that they outlive the process: a bounded number of them, the latest.</summary>
/// <remarks>
/// <para>
/// Looking up and remembering never wait for storage. Whatever was remembered since goes into storage with the next <see cref="SaveAsync"/>,
/// in one write for all of it as a rule; what a crash takes is only work to do again.
/// </para>
/// <para>
/// Outcomes fill pages, one to a cell, and pages fill a fixed number of cells in a ring: a new page takes the place of the oldest, whose
/// outcomes are forgotten. Only the newest page is ever written again. A cell that cannot be read counts as empty and is written over in
/// its turn. If somebody else has written, what is there is read again, and what this one has beside it comes after.
/// </para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class CellEvaluationCache : IEvaluationCache
{
    // 65,536 outcomes: with 16 of these, 100 searches of 10,000 each. The newest page is written again and again, so it is kept small.
    private const int Pages = 128;
    private const int OutcomesPerPage = 512;
    private const int Parallelism = 8;
    private const int Attempts = 3;

    private readonly IStateCells _cells;
    private readonly int _outcomesPerPage;
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<EvaluationKey, EvaluationOutcome> _outcomes = [];
    private readonly Queue<CachePage> _pages = new();
    private readonly string?[] _versions;
    private CachePage? _newest;
    private bool _isLoaded;

    /// <summary>Makes an empty cache; see <see cref="LoadAsync"/>.</summary>
    /// <param name="cells">The cells of this cache alone.</param>
    public CellEvaluationCache(IStateCells cells)
        : this(cells, Pages, OutcomesPerPage)
    {
    }

    /// <summary>As the other, with another bound, for tests.</summary>
    internal CellEvaluationCache(IStateCells cells, int pages, int outcomesPerPage)
    {
        ArgumentNullException.ThrowIfNull(cells);
        _cells = cells;
        _versions = new string?[pages];
        _outcomesPerPage = outcomesPerPage;
    }

    /// <summary>How many outcomes are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _outcomes.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ImmutableDictionary<EvaluationKey, EvaluationOutcome> Find(IReadOnlyList<EvaluationKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var found = ImmutableDictionary.CreateBuilder<EvaluationKey, EvaluationOutcome>();
        lock (_lock)
        {
            foreach (var key in keys)
            {
                if (_outcomes.TryGetValue(key, out var outcome))
                {
                    found[key] = outcome;
                }
            }
        }

        return found.ToImmutable();
    }

    /// <inheritdoc/>
    public void Remember(IReadOnlyList<OutcomeRecord> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        lock (_lock)
        {
            foreach (var record in outcomes)
            {
                if (record is { Source: OutcomeSource.Evaluated, Outcome.IsSuccess: true })
                {
                    Add(record.Key, record.Outcome);
                }
            }
        }
    }

    /// <summary>Reads what is in storage; what was remembered meanwhile stays, behind that.</summary>
    /// <exception cref="StateCellException">Storage did not answer; the cache works from memory, and the next save reads first.</exception>
    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        await _storing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ReadAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _storing.Release();
        }
    }

    /// <summary>Writes what is not in storage yet, if anything is not; where loading failed before, that comes first.</summary>
    /// <exception cref="StateCellException">Storage failed; the next save does it.</exception>
    public async ValueTask SaveAsync(CancellationToken cancellation)
    {
        await _storing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (var attempt = 1; ;)
            {
                try
                {
                    if (!_isLoaded)
                    {
                        await ReadAsync(cancellation).ConfigureAwait(false);
                    }

                    if (Unsaved() is not { } unsaved)
                    {
                        return;
                    }

                    await WriteAsync(unsaved.Page, unsaved.Outcomes, cancellation).ConfigureAwait(false);
                }
                catch (StateCellConflictException) when (attempt < Attempts)
                {
                    attempt++;
                }
            }
        }
        finally
        {
            _storing.Release();
        }
    }

    private async ValueTask WriteAsync(CachePage page, KeyValuePair<EvaluationKey, EvaluationOutcome>[] outcomes, CancellationToken cancellation)
    {
        var slot = SlotOf(page.Number);
        try
        {
            _versions[slot] = await _cells.WriteAsync(NameOf(slot), CachePage.Encode(page.Number, slot, outcomes), _versions[slot], cancellation).ConfigureAwait(false);
        }
        catch (StateCellConflictException)
        {
            _isLoaded = false;
            throw;
        }

        lock (_lock)
        {
            page.Saved = outcomes.Length;
        }
    }

    private async ValueTask ReadAsync(CancellationToken cancellation)
    {
        var read = new List<(long Number, List<KeyValuePair<EvaluationKey, EvaluationOutcome>> Outcomes)>();
        var versions = new string?[_versions.Length];
        foreach (var slots in Enumerable.Range(0, versions.Length).Chunk(Parallelism))
        {
            var cells = await Task.WhenAll(slots.Select(slot => _cells.ReadAsync(NameOf(slot), cancellation).AsTask())).ConfigureAwait(false);
            if (cells.All(cell => cell is null))
            {
                break; // Cells are filled from the first on: one that is new costs few reads.
            }

            foreach (var (slot, cell) in slots.Zip(cells))
            {
                versions[slot] = cell?.Version;
                if (cell is not null && CachePage.Decode(NameOf(slot), cell.Bytes) is { } page && SlotOf(page.Number) == slot)
                {
                    read.Add(page);
                }
            }
        }

        lock (_lock)
        {
            // In the order they came, or eviction would forget the wrong ones.
            var own = _pages.SelectMany(ContentOf).ToArray();
            _outcomes.Clear();
            _pages.Clear();
            _newest = null;
            versions.CopyTo(_versions, 0);
            foreach (var (number, outcomes) in read.OrderBy(page => page.Number))
            {
                Begin(number);
                foreach (var (key, outcome) in outcomes)
                {
                    if (_outcomes.TryAdd(key, outcome))
                    {
                        _newest!.Keys.Add(key);
                    }
                }

                _newest!.Saved = _newest.Keys.Count;
            }

            foreach (var (key, outcome) in own)
            {
                Add(key, outcome);
            }

            _isLoaded = true;
        }
    }

    private (CachePage Page, KeyValuePair<EvaluationKey, EvaluationOutcome>[] Outcomes)? Unsaved()
    {
        lock (_lock)
        {
            return _pages.FirstOrDefault(page => page.Saved < page.Keys.Count) is { } page ? (page, ContentOf(page)) : null;
        }
    }

    private KeyValuePair<EvaluationKey, EvaluationOutcome>[] ContentOf(CachePage page) => [.. page.Keys.Select(key => KeyValuePair.Create(key, _outcomes[key]))];

    private void Add(EvaluationKey key, EvaluationOutcome outcome)
    {
        if (!_outcomes.TryAdd(key, outcome))
        {
            return;
        }

        if (_newest is null || _newest.Keys.Count >= _outcomesPerPage)
        {
            Begin((_newest?.Number ?? -1) + 1);
        }

        _newest!.Keys.Add(key);
    }

    private void Begin(long number)
    {
        _newest = new CachePage(number);
        _pages.Enqueue(_newest);
        while (_pages.Peek().Number <= number - _versions.Length)
        {
            foreach (var key in _pages.Dequeue().Keys)
            {
                _outcomes.Remove(key);
            }
        }
    }

    private int SlotOf(long number) => (int)(number % _versions.Length);

    private static string NameOf(int slot) => $"outcomes-{slot:D4}";
}
