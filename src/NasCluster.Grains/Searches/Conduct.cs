using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Evaluators;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Grains.Searches;

/// <summary>One carrying-out of a search, from what storage holds to its end: does what the controller asks, and decides nothing.</summary>
/// <remarks>Everything happens on the grain's turns but the controller's own work, which may take long, and waits for storage.</remarks>
internal sealed partial class Conduct
{
    private const int NoticesKept = 50;

    private readonly SearchDefinition _definition;
    private readonly IRunnableSearch _search;
    private readonly IRunStore _store;
    private readonly IGrainFactory _grains;
    private readonly PopulationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SearchController _controller;
    private readonly LoanBook _loans;
    private readonly Queue<ControllerEvent> _events = [];
    private readonly Queue<string> _notices = [];
    private readonly TaskCompletionSource<FinishReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;

    private Conduct(
        SearchDefinition definition, IRunnableSearch search, IRunStore store, SearchController controller, IGrainFactory grains, PopulationOptions options,
        TimeProvider time, ILogger logger)
    {
        _definition = definition;
        _search = search;
        _store = store;
        _controller = controller;
        _grains = grains;
        _options = options;
        _time = time;
        _logger = logger;
        _loans = new LoanBook(new SearchId(definition.Name), definition.Weight, search.SuperNetwork, time.GetUtcNow().UtcTicks);
        Status = controller.Status;
    }

    /// <summary>Figures after the latest events.</summary>
    public ControllerStatus Status { get; private set; }

    /// <summary>What happened lately, oldest first.</summary>
    public ImmutableArray<string> Notices => [.. _notices];

    /// <summary>Ends when the search is over, or with what keeps it from going on here.</summary>
    public Task<FinishReason> Ended => _ended.Task;

    /// <summary>Recovers a search and begins to carry it out.</summary>
    /// <exception cref="Core.NasClusterException">Storage cannot be read, or what it holds is not of this search.</exception>
    public static async Task<Conduct> BeginAsync(
        SearchDefinition definition, IRunnableSearch search, IRunStore store, IGrainFactory grains, PopulationOptions options, TimeProvider time, ILogger logger,
        CancellationToken cancellation)
    {
        var recovered = await store.RecoverAsync(cancellation);
        var controller = await Task.Run(
            () => new SearchController(
                search.CreateSearch(recovered.Snapshot?.Search),
                search.KeyOf,
                options.Controller with { ObjectiveCount = search.Objectives.Length, UseCache = search.IsRepeatable },
                recovered),
            cancellation);
        return new Conduct(definition, search, store, controller, grains, options, time, logger);
    }

    /// <summary>Adds an event that happens now.</summary>
    public void Post(Func<DateTimeOffset, ControllerEvent> happened) => Post(happened(_time.GetUtcNow()));

    /// <summary>Says to the directory what the search needs and has, and takes what it is lent.</summary>
    public async Task EnlistAsync(CancellationToken cancellation)
    {
        await _pump;
        var sheet = await Directory.EnlistAsync(_loans.Enlist(_controller.Evaluators, _controller.EvaluatorsWanted), cancellation);
        await _pump;
        foreach (var change in _loans.Apply(_time.GetUtcNow(), sheet, _controller.Evaluators))
        {
            Post(change);
        }
    }

    /// <summary>Stops taking part at once: another activation carries the search out, or none does.</summary>
    public async Task AbandonAsync()
    {
        await _abandoned.CancelAsync();
        _ended.TrySetCanceled();
        await _pump;
    }

    private IEvaluatorDirectoryGrain Directory => _grains.GetGrain<IEvaluatorDirectoryGrain>(0);

    private void Post(ControllerEvent happened)
    {
        if (_abandoned.IsCancellationRequested || _ended.Task.IsCompleted)
        {
            return;
        }

        _events.Enqueue(happened);
        if (!_isPumping)
        {
            _isPumping = true;
            _pump = PumpAsync();
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (_events.Count > 0 && !_abandoned.IsCancellationRequested)
            {
                ControllerEvent[] happened = [.. _events];
                _events.Clear();
                var effects = await Task.Run(() => happened.SelectMany(_controller.Handle).ToArray());
                Status = _controller.Status;
                foreach (var effect in effects)
                {
                    CarryOut(effect);
                }
            }
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
        finally
        {
            _isPumping = false;
        }
    }

    private void CarryOut(ControllerEffect effect)
    {
        switch (effect)
        {
            case SaveEffect save:
                SaveAsync(save).Ignore();
                break;
            case DispatchEffect dispatch:
                DispatchAsync(dispatch).Ignore();
                break;
            case RevokeEffect revoke:
                RevokeAsync(revoke).Ignore();
                break;
            case LookUpEffect lookUp:
                LookUpAsync(lookUp).Ignore();
                break;
            case PublishEffect publish:
                PublishAsync(publish.Outcomes).Ignore();
                break;
            case EvaluatorFreedEffect:
                EnlistAsync(CancellationToken.None).Ignore();
                break;
            case NoticeEffect notice:
                Note(notice.Message);
                break;
            case FinishEffect finish:
                _ended.TrySetResult(finish.Reason);
                break;
            default:
                throw new InvalidOperationException($"The controller asks for {effect.GetType().Name}, which this host does not know.");
        }
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
            _ended.TrySetException(exception);
            return;
        }

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
        try
        {
            if (!await Evaluator(dispatch.Evaluator).DispatchAsync(assignment, _abandoned.Token))
            {
                Post(at => new LeaseReleasedEvent(at, dispatch.Lease));
            }
        }
        catch (Exception exception)
        {
            // Whether it has the assignment is not known: the lease tells, or the loss of its silo.
            LogNotDispatched(exception, _definition.Name, dispatch.Evaluator);
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

        Post(at => new LookedUpEvent(at, lookUp.LookUp, found));
    }

    private async Task PublishAsync(ImmutableArray<OutcomeRecord> outcomes)
    {
        try
        {
            await _grains.GetGrain<IParetoArchiveGrain>(_definition.Name).AppendAsync(outcomes, _abandoned.Token);
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

    [LoggerMessage(LogLevel.Information, "{Search}: {Message}")]
    private partial void LogNotice(string search, string message);

    [LoggerMessage(LogLevel.Warning, "{Search}: {Evaluator} could not be reached.")]
    private partial void LogNotDispatched(Exception exception, string search, EvaluatorId evaluator);

    [LoggerMessage(LogLevel.Warning, "{Search}: outcomes could not be looked up, remembered or shown.")]
    private partial void LogNotRemembered(Exception exception, string search);
}
