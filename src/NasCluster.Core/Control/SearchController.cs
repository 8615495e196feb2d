using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>The whole control loop of a search, once for every host: events in, effects out, nothing else.</summary>
/// <remarks>
/// <para>Pure and single-threaded: the host hands events in one at a time and carries the effects out in order.</para>
/// <para>
/// The log is the truth. A start is durable before its trial is dispatched, and an outcome is durable before the search is
/// told of it, so that a crash between any two effects loses nothing that anybody acted on.
/// </para>
/// <para>
/// The search is asked for what idle evaluators can take and no more. Trials with one key are evaluated once: the first is
/// dispatched, the others take its outcome as <see cref="OutcomeSource.Remembered"/>, even when it is that of a parked trial.
/// </para>
/// <para>Outcomes replayed from a recovered log are not published again: projections are rebuilt from the log by the host.</para>
/// </remarks>
public sealed partial class SearchController
{
    private readonly ISearch _search;
    private readonly ControllerOptions _options;
    private readonly DispatchLedger _ledger;
    private readonly EvaluatorPool _evaluators = new();
    private readonly TrialBook _book;
    private readonly LookUpQueue _lookUps;
    private readonly WriteQueue _writes;

    /// <summary>Leases whose start records are in the current write.</summary>
    private readonly List<Lease> _prepared = [];

    /// <summary>Trials that were in flight when the earlier run ended, until the first event.</summary>
    private readonly Queue<TrialEntry> _recovered = new();

    private List<ControllerEffect> _effects = [];
    private DateTimeOffset? _latest;
    private TimeSpan _now;
    private long _told;
    private long _snapshotPosition = -1;
    private long _expired;
    private long _retries;
    private long _parked;
    private bool _searchWaits;
    private bool _isPaused;
    private bool _isStopping;
    private bool _isFinished;

    /// <summary>Makes a controller, new or recovered.</summary>
    /// <param name="search">A new search, or one restored from the snapshot of <paramref name="recovered"/>.</param>
    /// <param name="keyOf">The evaluation key of a genome; equal for genomes with one outcome.</param>
    /// <param name="options">How to dispatch.</param>
    /// <param name="recovered">What storage holds of this search; null for a new one. Outcomes after the snapshot are told again, in order.</param>
    /// <exception cref="NasClusterException">The log does not fit the search.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SearchController(ISearch search, Func<Genome, EvaluationKey> keyOf, ControllerOptions options, RecoveredState? recovered = null)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _search = search;
        _options = options;

        // Numbers start at 1 so that a default LeaseId names nothing.
        var nextLease = Math.Max(1, Math.Max(recovered?.NextLease ?? 1, recovered?.Snapshot?.NextLease ?? 1));
        _ledger = new DispatchLedger(options, nextLease);
        _book = new TrialBook(search, keyOf, _ledger);
        _lookUps = new LookUpQueue(options.LeaseDuration);
        _writes = new WriteQueue(recovered?.Outcomes.Count ?? 0);
        if (recovered is null)
        {
            return;
        }

        _told = recovered.Outcomes.Count;
        _parked = recovered.Outcomes.Count(record => record.Source == OutcomeSource.Parked);
        _snapshotPosition = recovered.Snapshot?.Position ?? -1;
        foreach (var trial in LogReplay.Run(search, keyOf, _book, _ledger, recovered))
        {
            _recovered.Enqueue(_book.Add(trial));
        }
    }

    /// <summary>Takes an event, or several that came together, in order.</summary>
    /// <remarks>
    /// What to dispatch and write is decided once, after the last of them. So evaluators that join together share the queue, where one
    /// after the other the first would take all it can; and outcomes that arrive together are written together.
    /// </remarks>
    /// <returns>What to do, in order; nothing after a <see cref="FinishEffect"/>.</returns>
    public IReadOnlyList<ControllerEffect> Handle(params ReadOnlySpan<ControllerEvent> events)
    {
        foreach (var controllerEvent in events)
        {
            ArgumentNullException.ThrowIfNull(controllerEvent, nameof(events));
        }

        if (_isFinished || events.IsEmpty)
        {
            return [];
        }

        _effects = [];
        foreach (var controllerEvent in events)
        {
            Advance(controllerEvent.At);
            while (_recovered.TryDequeue(out var entry))
            {
                Admit(entry);
            }

            Take(controllerEvent);
        }

        Proceed();
        return _effects;
    }

    private void Advance(DateTimeOffset at)
    {
        _latest ??= at;
        if (at > _latest)
        {
            var step = at - _latest.Value;
            var longest = _options.LeaseDuration / 2;
            _now += step < longest ? step : longest;
            _latest = at;
        }
    }
}
