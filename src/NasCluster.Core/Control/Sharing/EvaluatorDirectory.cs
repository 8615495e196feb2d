using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>Shares the evaluators of a cluster among its searches: lends, calls back, and never lends one twice.</summary>
/// <remarks>
/// <para>Pure and single-threaded: calls and their times decide everything. A time before the latest seen counts as the latest.</para>
/// <para>
/// Each search ought to have its fair share, see <see cref="FairShares"/>: its weight's part, but no more than it wants, the rest going
/// to the others. Shares are rarely whole. Everybody has the whole part for good. What is left over goes round by time slices: each
/// search is owed the evaluator-seconds that it gets less than its share while somebody lacks evaluators, and whoever is owed most is
/// next. With fewer evaluators than searches that is all there is. What is owed adds up to nothing, and so a new search begins in the
/// middle; one that wants no evaluators loses what it was owed. So waiting earns nobody more than a share, and being owed much earns one
/// evaluator more, never two.
/// </para>
/// <para>
/// A free evaluator goes to somebody who can use it, if need be beyond his share. One is called back only when a search that lacks
/// evaluators has less than it ought to, and nothing that is free, or called back already, will do.
/// </para>
/// <para>
/// The state is in memory only. After a restart it believes what searches say they hold, and evaluators what they say they are; until
/// <see cref="DirectoryOptions.WarmUp"/> is over it lends nothing.
/// </para>
/// <para>
/// Methods return the searches whose sheets changed since they were sent; telling them to enlist again only saves the wait.
/// </para>
/// </remarks>
public sealed partial class EvaluatorDirectory
{
    private readonly DirectoryOptions _options;
    private readonly SortedDictionary<EvaluatorId, EvaluatorEntry> _evaluators =
        new(Comparer<EvaluatorId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value)));

    private readonly Dictionary<SearchId, SearchEntry> _byId = [];
    private readonly SortedSet<SearchEntry> _searches = new(Comparer<SearchEntry>.Create((a, b) => a.Order.CompareTo(b.Order)));
    private DateTimeOffset _latest;
    private TimeSpan _now;
    private long _arrivals;
    private bool _isStale;

    /// <summary>Starts a directory that knows nothing.</summary>
    /// <param name="options">How to share.</param>
    /// <param name="at">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public EvaluatorDirectory(DirectoryOptions options, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _latest = at;
    }

    /// <summary>The evaluators by name.</summary>
    public ImmutableArray<EvaluatorListing> Evaluators => [.. _evaluators.Values.Select(evaluator => evaluator.Listing())];

    /// <summary>The searches in the order of their arrival, with the shares of the last time they changed.</summary>
    public ImmutableArray<SearchListing> Searches => [.. _searches.Select(search =>
        new SearchListing(search.Id, search.Weight, search.Wanted, search.Share, search.Loans.Count, search.Owed))];

    private bool IsWarmingUp => _now < _options.WarmUp;

    /// <summary>Who has an evaluator, as far as is known: others that give it work are mistaken.</summary>
    /// <returns>Null if nobody has it.</returns>
    public SearchId? HolderOf(EvaluatorId evaluator) =>
        _evaluators.GetValueOrDefault(evaluator) is { IsDelivered: true, Holder: { } holder } ? holder.Id : null;

    /// <summary>An evaluator says that it is there.</summary>
    /// <returns>The searches whose sheets changed.</returns>
    public ImmutableArray<SearchId> Announce(DateTimeOffset at, EvaluatorAnnouncement announcement)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        ArgumentOutOfRangeException.ThrowIfLessThan(announcement.BatchSize, 1);
        Advance(at);
        var known = _evaluators.GetValueOrDefault(announcement.Evaluator);
        if (known?.Life > announcement.Life)
        {
            return Settle();
        }

        if (known?.Life < announcement.Life)
        {
            Remove(known);
            known = null;
        }

        if (known is null)
        {
            known = new EvaluatorEntry(announcement.Evaluator, announcement.Life, announcement.BatchSize);
            _evaluators.Add(known.Id, known);
            _isStale = true;
        }

        // Holder and loads do not change who is lent to whom, so an evaluator's regular messages cost nothing.
        _isStale |= known.SetServes(announcement.Serves) || known.Silo is null || known.IsDraining != announcement.IsDraining;
        known.Silo = announcement.Silo;
        known.Loaded = announcement.Loaded;
        known.IsDraining = announcement.IsDraining;
        known.InHand = announcement.InHand;
        known.Tally = announcement.Tally;
        known.LastHeard = _now;
        if (known is { IsDraining: true, Holder: not null })
        {
            CallBack(known);
        }

        return Settle();
    }

    /// <summary>A search says what it wants and what it has.</summary>
    /// <returns>What it may have: nothing, if a later enlistment of the search came before.</returns>
    public EnlistReply Enlist(DateTimeOffset at, Enlistment enlistment)
    {
        ArgumentNullException.ThrowIfNull(enlistment);
        ArgumentOutOfRangeException.ThrowIfNegative(enlistment.Wanted);
        if (!double.IsFinite(enlistment.Weight) || enlistment.Weight <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(enlistment), enlistment.Weight, "A weight must be a finite number above 0.");
        }

        Advance(at);
        if (!_byId.TryGetValue(enlistment.Search, out var search))
        {
            search = new SearchEntry(enlistment.Search, _arrivals++);
            _byId.Add(search.Id, search);
            _searches.Add(search);
        }

        if (enlistment.Number <= search.Number)
        {
            return new EnlistReply(new LoanSheet(enlistment.Number, []), Settle());
        }

        _isStale |= search.Weight != enlistment.Weight || search.SuperNetwork != enlistment.SuperNetwork || search.Wanted != enlistment.Wanted;
        search.Number = enlistment.Number;
        search.Weight = enlistment.Weight;
        search.SuperNetwork = enlistment.SuperNetwork;
        search.Wanted = enlistment.Wanted;
        search.LastHeard = _now;
        search.Owed = search.Wanted == 0 ? Math.Min(0, search.Owed) : search.Owed;
        Believe(search, enlistment.Held);
        if (_isStale)
        {
            Share();
        }

        foreach (var evaluator in search.Loans)
        {
            evaluator.IsDelivered = true;
        }

        search.HasNews = false;
        return new EnlistReply(SheetOf(search, enlistment.Number), Settle());
    }

    /// <summary>A search is over; what it was lent is free.</summary>
    /// <returns>The searches whose sheets changed.</returns>
    public ImmutableArray<SearchId> Leave(DateTimeOffset at, SearchId search)
    {
        Advance(at);
        if (_byId.GetValueOrDefault(search) is { } gone)
        {
            Remove(gone);
        }

        return Settle();
    }

    /// <summary>An evaluator is gone.</summary>
    /// <returns>The searches whose sheets changed.</returns>
    public ImmutableArray<SearchId> Lose(DateTimeOffset at, EvaluatorId evaluator)
    {
        Advance(at);
        if (_evaluators.GetValueOrDefault(evaluator) is { } gone)
        {
            Remove(gone);
        }

        return Settle();
    }

    /// <summary>A process is gone, and every evaluator in it.</summary>
    /// <returns>The searches whose sheets changed.</returns>
    public ImmutableArray<SearchId> LoseSilo(DateTimeOffset at, string silo)
    {
        Advance(at);
        foreach (var gone in _evaluators.Values.Where(evaluator => evaluator.Silo == silo).ToArray())
        {
            Remove(gone);
        }

        return Settle();
    }

    /// <summary>Time passed: the silent are taken as gone, and slices end. A host sends this about once a second.</summary>
    /// <returns>The searches whose sheets changed.</returns>
    public ImmutableArray<SearchId> Tick(DateTimeOffset at)
    {
        Advance(at);
        var silentSince = _now - _options.Silence;
        foreach (var gone in _evaluators.Values.Where(evaluator => evaluator.LastHeard <= silentSince).ToArray())
        {
            Remove(gone);
        }

        foreach (var gone in _searches.Where(search => search.LastHeard <= silentSince).ToArray())
        {
            Remove(gone);
        }

        _isStale = true;
        return Settle();
    }

    private static LoanSheet SheetOf(SearchEntry search, long number) => new(number, [.. search.Loans.Select(evaluator =>
        new Loan(evaluator.Id, evaluator.Life, evaluator.BatchSize, evaluator.IsCalledBack))]);

    private void Advance(DateTimeOffset at)
    {
        if (at > _latest)
        {
            // A longer pause means that this process slept, and heard nobody for that reason.
            var step = at - _latest;
            var longest = _options.Silence / 2;
            step = step < longest ? step : longest;
            Account(step.TotalSeconds);
            _now += step;
            _latest = at;
        }
    }

    private ImmutableArray<SearchId> Settle()
    {
        if (_isStale)
        {
            Share();
        }

        var news = ImmutableArray.CreateBuilder<SearchId>();
        foreach (var search in _searches.Where(search => search.HasNews))
        {
            search.HasNews = false;
            news.Add(search.Id);
        }

        return news.ToImmutable();
    }

    private void Remove(EvaluatorEntry evaluator)
    {
        Free(evaluator);
        _evaluators.Remove(evaluator.Id);
        _isStale = true;
    }

    private void Remove(SearchEntry search)
    {
        foreach (var evaluator in search.Loans.ToArray())
        {
            Free(evaluator);
        }

        _byId.Remove(search.Id);
        _searches.Remove(search);
        _isStale = true;
    }
}
