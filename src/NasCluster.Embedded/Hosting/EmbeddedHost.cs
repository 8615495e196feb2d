using NasCluster.Core;
using NasCluster.Core.Control;

namespace NasCluster.Embedded.Hosting;

/// <summary>Runs a search in this process: carries out its <see cref="SearchController"/> with worker threads and a run store.</summary>
/// <remarks>
/// The loop, on the thread that calls <see cref="Run"/>, takes one event at a time and carries out the effects in order; all decisions are
/// the controller's. Evaluations and writes happen on threads of their own and report back as events.
/// </remarks>
public sealed class EmbeddedHost
{
    private readonly SearchJob _job;
    private readonly IRunStore _store;
    private readonly ISearchObserver _observer;
    private readonly EmbeddedHostOptions _options;
    private readonly TimeProvider _time;
    private readonly OutcomeMemory _memory;

    /// <summary>Makes a host.</summary>
    /// <param name="job">The search and what evaluates it.</param>
    /// <param name="store">Where the run is kept; what it holds already is resumed.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="options">How to work.</param>
    /// <param name="time">The clock and timers.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public EmbeddedHost(SearchJob job, IRunStore store, ISearchObserver observer, EmbeddedHostOptions options, TimeProvider time)
    {
        options.Validate();
        _job = job;
        _store = store;
        _observer = observer;
        _options = options;
        _time = time;
        _memory = new OutcomeMemory(job.Cache, observer.Notice);
    }

    /// <summary>Runs the search from what the store holds to its end; blocks until then.</summary>
    /// <param name="stop">
    /// Stops it early: evaluations are cancelled, what was reported is saved, and the run can be resumed. It takes as long as
    /// the evaluator takes to notice.
    /// </param>
    /// <returns>Whether the search is complete or was stopped.</returns>
    /// <exception cref="NasClusterException">
    /// The store cannot be read or keeps failing to write, or holds the run of another search. What was durable stays.
    /// </exception>
    public FinishReason Run(CancellationToken stop)
    {
        var recovered = _store.RecoverAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var controller = new SearchController(
            _job.CreateSearch(recovered.Snapshot?.Search),
            genome => _job.Evaluator.KeyOf(_job.Space.CandidateOf(genome)),
            _options.Controller with { ObjectiveCount = _job.Evaluator.Objectives.Count, UseCache = _job.Cache is not null },
            recovered);
        var history = new HypervolumeHistory(_job.Evaluator.Objectives, _options.ReferencePoint);
        var missing = Project(history, recovered.Outcomes).Except(_store.ReadHypervolumeAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
        _observer.Started(recovered.Outcomes);
        _memory.Remember(recovered.Outcomes); // What a killed process recorded, it may not have come to remember.
        var reason = Work(controller, history, [.. missing], stop);
        _observer.Finished(reason);
        return reason;
    }

    private static List<HypervolumePoint> Project(HypervolumeHistory history, IEnumerable<OutcomeRecord> outcomes) =>
        [.. outcomes.Select(history.Add).OfType<HypervolumePoint>()];

    private FinishReason Work(SearchController controller, HypervolumeHistory history, IReadOnlyList<HypervolumePoint> missing, CancellationToken stop)
    {
        var events = new HostEvents(_time);
        var workers = new Dictionary<EvaluatorId, Worker>();
        try
        {
            using var writer = new StoreWriter(_store, events, _time, _options.WriteAttempts);
            writer.Save(missing);
            using var ticks = new Ticks(events, _time, _options.TickInterval);
            for (var i = 0; i < _options.WorkerCount; i++)
            {
                var id = new EvaluatorId($"worker-{i}");
                workers.Add(id, new Worker(id, _job, events, _time, _options.Controller.LeaseDuration / 8));
                events.Post(at => new EvaluatorJoinedEvent(at, id, _options.BatchSize));
            }

            using var stopping = stop.Register(() => events.Post(at => new StopRequestedEvent(at)));
            var reason = Loop(controller, history, events, workers, writer);
            if (reason == FinishReason.Completed && history.Complete() is { } last)
            {
                Publish(writer, last);
            }

            return reason;
        }
        finally
        {
            events.Close();
            foreach (var worker in workers.Values)
            {
                worker.Stop();
            }

            foreach (var worker in workers.Values)
            {
                worker.Dispose();
            }
        }
    }

    private FinishReason Loop(
        SearchController controller, HypervolumeHistory history, HostEvents events, Dictionary<EvaluatorId, Worker> workers, StoreWriter writer)
    {
        var round = -1;
        while (true)
        {
            if (controller.Predictors is [{ } fit, ..] fits && fit.Round != round)
            {
                round = fit.Round;
                _observer.Predicted(fits);
            }

            var (happened, notice) = events.Next();
            if (notice is not null)
            {
                _observer.Notice(notice);
            }

            foreach (var effect in controller.Handle(happened))
            {
                switch (effect)
                {
                    case SaveEffect save:
                        writer.Save(save);
                        break;
                    case DispatchEffect dispatch:
                        workers[dispatch.Evaluator].Dispatch(dispatch);
                        break;
                    case RevokeEffect revoke:
                        workers[revoke.Evaluator].Revoke(revoke.Lease);
                        break;
                    case LookUpEffect lookUp:
                        var found = _memory.Find(lookUp.Keys);
                        events.Post(at => new LookedUpEvent(at, lookUp.LookUp, found));
                        break;
                    case PublishEffect publish:
                        _memory.Remember(publish.Outcomes);
                        _observer.OutcomesRecorded(publish.Outcomes);
                        Project(history, publish.Outcomes).ForEach(point => Publish(writer, point));
                        break;
                    case NoticeEffect noted:
                        _observer.Notice(noted.Message);
                        break;
                    case EvaluatorFreedEffect:
                        break; // A worker serves this search alone, so nobody waits for it.
                    case FinishEffect finish:
                        return finish.Reason;
                    default:
                        throw new InvalidOperationException($"The controller asks for {effect.GetType().Name}, which this host does not know.");
                }
            }
        }
    }

    private void Publish(StoreWriter writer, HypervolumePoint point)
    {
        writer.Save([point]);
        _observer.HypervolumeChanged(point);
    }
}
