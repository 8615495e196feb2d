using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Hosting;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Telemetry;

namespace NasCluster.Grains.Searches;

/// <summary>One carrying-out of a search, from what storage holds to its end: does what the controller asks, and decides nothing.</summary>
/// <remarks>Everything happens on the grain's turns but the controller's own work, which may take long, and waits for storage.</remarks>
internal sealed partial class Conduct : ISearchHost
{
    private const int NoticesKept = 50;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);

    private readonly SearchDefinition _definition;
    private readonly IRunnableSearch _search;
    private readonly IRunStore _store;
    private readonly IGrainFactory _grains;
    private readonly PopulationOptions _options;
    private readonly TimeProvider _time;
    private readonly SearchMetrics _metrics;
    private readonly SearchGauges _gauges;
    private readonly ILogger _logger;
    private readonly SearchPump _pump;
    private readonly LoanBook _loans;
    private readonly Queue<string> _notices = [];
    private readonly List<OutcomeRecord> _unpublished = [];

    /// <summary>The latest lease of each evaluator, so that an earlier one is not sent again after it.</summary>
    private readonly Dictionary<EvaluatorId, LeaseId> _latest = [];

    private readonly CancellationTokenSource _abandoned = new();
    private FrontReading? _front;
    private long _written;
    private long _leasesExpired;
    private long _retries;
    private bool _isPublishing;
    private bool _isEnlisting;
    private bool _enlistsAgain;

    private Conduct(
        SearchDefinition definition, IRunnableSearch search, IRunStore store, SearchController controller, IGrainFactory grains, PopulationOptions options,
        TimeProvider time, SearchMetrics metrics, ILogger logger)
    {
        _definition = definition;
        _metrics = metrics;
        _gauges = metrics.Watch(definition.Name);
        _search = search;
        _store = store;
        _grains = grains;
        _options = options;
        _time = time;
        _logger = logger;
        _loans = new LoanBook(new SearchId(definition.Name), definition.Weight, search.SuperNetwork, time.GetUtcNow().UtcTicks);
        _pump = new SearchPump(controller, this);
        Ended = RunAsync(controller);
    }

    /// <summary>What happened lately, oldest first.</summary>
    public ImmutableArray<string> Notices => [.. _notices];

    /// <summary>How many outcomes were recorded when it was last looked; once it has ended without a failure, all.</summary>
    public long Recorded { get; private set; }

    /// <summary>Ends when the search is over, or with what keeps it from going on here.</summary>
    public Task<FinishReason> Ended { get; }

    private IEvaluatorDirectoryGrain Directory => _grains.GetGrain<IEvaluatorDirectoryGrain>(0);

    /// <summary>Recovers a search and begins to carry it out.</summary>
    /// <exception cref="Core.NasClusterException">Storage cannot be read, or what it holds is not of this search.</exception>
    public static async Task<Conduct> BeginAsync(
        SearchDefinition definition, IRunnableSearch search, IRunStore store, IGrainFactory grains, PopulationOptions options, TimeProvider time,
        SearchMetrics metrics, ILogger logger, CancellationToken cancellation)
    {
        var recovered = await store.RecoverAsync(cancellation);
        var controller = await Task.Run(
            () => new SearchController(
                search.CreateSearch(recovered.Snapshot?.Search),
                search.KeyOf,
                options.Controller with { ObjectiveCount = search.Objectives.Length, UseCache = search.IsRepeatable },
                recovered),
            cancellation);
        return new Conduct(definition, search, store, controller, grains, options, time, metrics, logger);
    }

    /// <summary>Adds an event that happens now.</summary>
    public void Post(Func<DateTimeOffset, ControllerEvent> happened) => _pump.Post(happened(_time.GetUtcNow()));

    /// <summary>Adds outcomes that an evaluator reports now.</summary>
    public void Report(LeaseId lease, ImmutableArray<TrialReport> reports)
    {
        var at = _time.GetUtcNow();
        _pump.PostTogether([.. reports.Select(report => new OutcomeReportedEvent(at, lease, report.Trial, report.Outcome))]);
    }

    /// <summary>Figures after all events so far.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public Task<ControllerStatus> ReadStatusAsync() => _pump.ReadAsync(controller => controller.Status);

    /// <summary>Says to the directory what the search needs and has, and takes what it is lent.</summary>
    public async Task EnlistAsync(CancellationToken cancellation)
    {
        if (_isEnlisting || Ended.IsCompleted)
        {
            _enlistsAgain = true;
            return;
        }

        _isEnlisting = true;
        try
        {
            do
            {
                _enlistsAgain = false;
                var (held, wanted) = await _pump.ReadAsync(controller => (controller.Evaluators, controller.EvaluatorsWanted));
                var sheet = await Directory.EnlistAsync(_loans.Enlist(held, wanted), cancellation);
                held = await _pump.ReadAsync(controller => controller.Evaluators);
                foreach (var change in _loans.Apply(_time.GetUtcNow(), sheet, held))
                {
                    _pump.Post(change);
                }
            }
            while (_enlistsAgain);
        }
        catch (Exception exception)
        {
            if (!Ended.IsCompleted)
            {
                LogNotEnlisted(exception, _definition.Name); // Repeated in two seconds.
            }
        }
        finally
        {
            _isEnlisting = false;
        }
    }

    /// <summary>Tells the controller the time; enlists when what the search needs has changed.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        Post(at => new TickEvent(at));
        if (Ended.IsCompleted)
        {
            return;
        }

        var status = await ReadStatusAsync();
        Measure(status);
        if (_loans.IsNews(status.EvaluatorsWanted))
        {
            await EnlistAsync(cancellation);
        }
    }

    private async Task<FinishReason> RunAsync(SearchController controller)
    {
        PublishAsync().Ignore(); // Nothing yet: it asks what the front is, of which a recovered search has one already.
        var reason = await _pump.RunAsync(_abandoned.Token);

        // What happened since the last tick counts too; and the pump is done with the controller.
        Measure(controller.Status);
        return reason;
    }

    private void Measure(ControllerStatus status)
    {
        Recorded = status.Told;
        _gauges.Report(new SearchReading(status, _search.EvaluationCount, _front));
        for (; _leasesExpired < status.LeasesExpired; _leasesExpired++)
        {
            _metrics.LeaseExpired(_definition.Name);
        }

        if (status.Retries > _retries)
        {
            _metrics.Retried(_definition.Name, status.Retries - _retries);
            _retries = status.Retries;
        }
    }

    /// <summary>Shows nothing more of the search among the metrics.</summary>
    public void Hide() => _gauges.Dispose();

    /// <summary>Stops taking part at once: another activation carries the search out, or none does.</summary>
    public Task AbandonAsync() => _abandoned.CancelAsync();

    public void Save(SaveEffect save) => SaveAsync(save).Ignore();

    public void Dispatch(DispatchEffect dispatch) => DispatchAsync(dispatch).Ignore();

    public void Revoke(RevokeEffect revoke) => RevokeAsync(revoke).Ignore();

    public void LookUp(LookUpEffect lookUp) => LookUpAsync(lookUp).Ignore();

    public void Publish(PublishEffect publish)
    {
        _unpublished.AddRange(publish.Outcomes);
        if (!_isPublishing)
        {
            PublishAsync().Ignore();
        }
    }

    public void Notice(NoticeEffect notice) => Note(notice.Message);

    public void EvaluatorFreed(EvaluatorFreedEffect freed) => EnlistAsync(CancellationToken.None).Ignore();

    public void Finish(FinishEffect finish)
    {
        // Whoever awaits the end does what is left to do.
    }

    private async Task SaveAsync(SaveEffect save)
    {
        try
        {
            await _store.SaveAsync(save, _abandoned.Token);
        }
        catch (RunStoreException exception) when (!exception.IsPermanent)
        {
            Note($"A write failed and will be tried again: {exception.Message}");
            Post(at => new SaveFailedEvent(at, save.Write));
            return;
        }
        catch (Exception exception)
        {
            // Another activation has taken the search over, or storage holds what cannot be: this one has no say any more.
            LogLost(exception, _definition.Name);
            await AbandonAsync();
            return;
        }

        // Storage that answers at once would be given every outcome in a write of its own; what comes during the rest goes into the next one.
        if (_options.WriteInterval - _time.GetElapsedTime(_written) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, _time, CancellationToken.None);
        }

        _written = _time.GetTimestamp();
        Post(at => new SavedEvent(at, save.Write));
    }

    private async Task DispatchAsync(DispatchEffect dispatch)
    {
        var assignment = new Assignment
        {
            Search = _definition.Name,
            Prepared = _definition.Prepared,
            Lease = dispatch.Lease,
            LeaseDuration = _options.Controller.LeaseDuration,
            Trials = dispatch.Trials,
        };
        _latest[dispatch.Evaluator] = dispatch.Lease;
        var began = _time.GetTimestamp();
        for (var delay = FirstRetry; ; delay *= 2)
        {
            try
            {
                if (!await Evaluator(dispatch.Evaluator).DispatchAsync(assignment, _abandoned.Token))
                {
                    // It is about to go: no more for it, and back with what it did not take.
                    Post(at => new EvaluatorDrainingEvent(at, dispatch.Evaluator));
                    Post(at => new LeaseReleasedEvent(at, dispatch.Lease));
                }

                return;
            }
            catch (Exception exception)
            {
                LogNotDispatched(exception, _definition.Name, dispatch.Evaluator);
            }

            // Whether it has the assignment is not known, so it is sent again: often only the way there died, with another silo. After a while
            // the lease tells, or the loss of the evaluator's own silo.
            await Task.Delay(delay, _time, CancellationToken.None);
            if (_abandoned.IsCancellationRequested || Ended.IsCompleted || _latest[dispatch.Evaluator] != dispatch.Lease
                || _time.GetElapsedTime(began) > _options.Controller.LeaseDuration / 2)
            {
                return;
            }
        }
    }

    private async Task RevokeAsync(RevokeEffect revoke)
    {
        try
        {
            await Evaluator(revoke.Evaluator).RevokeAsync(_definition.Name, revoke.Lease, _abandoned.Token);
        }
        catch (Exception exception)
        {
            LogNotDispatched(exception, _definition.Name, revoke.Evaluator); // The controller repeats it.
        }
    }

    private async Task LookUpAsync(LookUpEffect lookUp)
    {
        var found = ImmutableDictionary<EvaluationKey, EvaluationOutcome>.Empty;
        try
        {
            var answers = await Task.WhenAll(lookUp.Keys.GroupBy(Shard).Select(shard => shard.Key.FindAsync([.. shard], _abandoned.Token)));
            found = found.AddRange(answers.SelectMany(a => a));
        }
        catch (Exception exception)
        {
            LogNotRemembered(exception, _definition.Name); // Only a saving of work.
        }

        _metrics.LookedUp(found.Count, lookUp.Keys.Length - found.Count);
        Post(at => new LookedUpEvent(at, lookUp.LookUp, found));
    }

    /// <summary>Sends what became durable, one message after another so that it arrives in order; what comes meanwhile goes into the next.</summary>
    private async Task PublishAsync()
    {
        _isPublishing = true;
        do
        {
            ImmutableArray<OutcomeRecord> outcomes = [.. _unpublished];
            _unpublished.Clear();
            try
            {
                foreach (var outcome in outcomes)
                {
                    _metrics.Recorded(_definition.Name, outcome);
                }

                var front = await _grains.GetGrain<IParetoArchiveGrain>(_definition.Name).AppendAsync(outcomes, _abandoned.Token);
                _front = new FrontReading(front.Size, front.Hypervolume, [.. _search.Objectives.Select(o => o.Name).Zip(front.Best)]);
                if (_search.IsRepeatable)
                {
                    await Task.WhenAll(outcomes.GroupBy(o => Shard(o.Key)).Select(shard => shard.Key.RememberAsync([.. shard], _abandoned.Token)));
                }
            }
            catch (Exception exception)
            {
                LogNotRemembered(exception, _definition.Name); // The archive takes from the log what it missed.
            }
        }
        while (_unpublished.Count > 0);

        _isPublishing = false;
    }

    private IEvaluationCacheGrain Shard(EvaluationKey key) =>
        _grains.GetGrain<IEvaluationCacheGrain>(key.Shard(_options.CacheShards));

    private IEvaluatorGrain Evaluator(EvaluatorId evaluator) => _grains.GetGrain<IEvaluatorGrain>(evaluator.Value);

    private void Note(string message)
    {
        LogNotice(_definition.Name, message);
        _notices.Enqueue(message);
        if (_notices.Count > NoticesKept)
        {
            _notices.Dequeue();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Search} is carried out by another from here on.")]
    private partial void LogLost(Exception exception, string search);

    [LoggerMessage(LogLevel.Warning, "{Search} could not enlist with the directory.")]
    private partial void LogNotEnlisted(Exception exception, string search);

    [LoggerMessage(LogLevel.Information, "{Search}: {Message}")]
    private partial void LogNotice(string search, string message);

    [LoggerMessage(LogLevel.Warning, "{Search}: {Evaluator} could not be reached.")]
    private partial void LogNotDispatched(Exception exception, string search, EvaluatorId evaluator);

    [LoggerMessage(LogLevel.Warning, "{Search}: outcomes could not be looked up, remembered or shown.")]
    private partial void LogNotRemembered(Exception exception, string search);
}
