using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.Simulation.SimulationFailure;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>One search from start to end in a world where everything breaks that may break, decided by a seed alone.</summary>
/// <remarks>
/// The controller is the real one. Host, storage, cache, network and evaluators are simulated on one queue of actions. Faults
/// cease after a while; then the search must end, and as it would have without them.
/// </remarks>
internal sealed partial class SimulatedWorld
{
    private const int MostSteps = 100_000;
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (TimeSpan Due, long Order)> _actions = new();
    private readonly ControllerOptions _options;
    private readonly List<SimulatedEvaluator> _evaluators = [];
    private readonly Dictionary<EvaluationKey, EvaluationOutcome> _cache = [];
    private readonly List<SaveEffect> _pendingWrites = [];
    private readonly int _searchSeed;
    private readonly int _budget;
    private readonly int _generationSize;
    private readonly TimeSpan _horizon;
    private readonly Action<string>? _trace;
    private SearchController? _controller;
    private ISearch? _search;
    private ControllerOracle _oracle;
    private readonly Queue<Func<DateTimeOffset, ControllerEvent>> _inbox = new();
    private TimeSpan _asleepUntil;
    private int _life;
    private long _order;
    private bool _isCompleted;

    public SimulatedWorld(int seed, Action<string>? trace = null, bool withFaults = true)
    {
        Random = new Mix((ulong)seed * 2654435761);
        _trace = trace;
        _searchSeed = Random.Next(1 << 20);
        _generationSize = 4 + Random.Next(12);
        _budget = 20 + Random.Next(40);
        Evaluations = new SimulatedEvaluations(hasPoison: withFaults && Random.Chance(0.3), hasFailing: Random.Chance(0.3));
        _options = new ControllerOptions { UseCache = Random.Chance(0.4), SnapshotEvery = 1 + Random.Next(12), ObjectiveCount = 2 };
        Faults = withFaults ? FaultPlan.Draw(Random) : FaultPlan.None;
        _horizon = withFaults ? Seconds(60, 1200) : TimeSpan.Zero;
        _oracle = new ControllerOracle(_options, Storage);
        var evaluators = 1 + Random.Next(5);
        for (var i = 0; i < evaluators; i++)
        {
            _evaluators.Add(new SimulatedEvaluator(this, new EvaluatorId($"e{i}"), 1 + Random.Next(4)));
        }
    }

    public Mix Random { get; }

    public FaultPlan Faults { get; private set; }

    public SimulatedEvaluations Evaluations { get; }

    public SimulatedStorage Storage { get; } = new();

    public TimeSpan Now { get; private set; }

    /// <summary>What happened, by name, so that a test can see that everything does happen.</summary>
    public SortedDictionary<string, int> Counts { get; } = [];

    private bool AreFaultsOver => Now >= _horizon;

    public void Trace(string line) => _trace?.Invoke($"{Now.TotalSeconds,9:F3} {line}");

    public void After(TimeSpan delay, Action action) => _actions.Enqueue(action, (Now + delay, _order++));

    public TimeSpan Seconds(double least, double most) =>
        TimeSpan.FromMilliseconds(Math.Round(1000 * (least + (Random.NextUnit() * (most - least)))));

    /// <summary>Lives through the whole search.</summary>
    /// <exception cref="SimulationFailure">An invariant is broken.</exception>
    public void Run()
    {
        Boot();
        Tick();
        After(_horizon, () =>
        {
            Trace("faults are over");
            Faults = FaultPlan.None;
            Deliver(at => new ContinueRequestedEvent(at));
        });
        After(TimeSpan.Zero, Incident);
        foreach (var evaluator in _evaluators)
        {
            evaluator.Watch();
        }

        for (var step = 0; !_isCompleted; step++)
        {
            Unless(step < MostSteps, $"not finished after {MostSteps} steps");
            _actions.TryDequeue(out var action, out var due);
            Now = due.Due;
            action!();
        }

        Verify();
    }

    private void Boot()
    {
        Trace($"controller starts with {Storage.Outcomes.Count} outcomes, snapshot at {Storage.Snapshot?.Position}");
        _oracle = new ControllerOracle(_options, Storage);
        _search = Storage.Snapshot is { } snapshot
            ? GenerationalSearch.Restore(snapshot.Search)
            : new GenerationalSearch(_searchSeed, _generationSize, _budget);
        var recovered = _life == 0 && Random.Chance(0.5) ? null : Storage.Recover();
        var observed = new ObservedSearch(_search, _oracle.OnAsk, _oracle.OnTell);
        _controller = new SearchController(observed, SimulatedEvaluations.KeyOf, _options, recovered);
        foreach (var evaluator in _evaluators.Where(evaluator => evaluator.IsAlive))
        {
            evaluator.Announce(dropsWork: Random.Chance(0.5));
        }
    }

    /// <summary>The controller's process ends; what was being written may or may not have reached storage.</summary>
    private void Shutdown(string why)
    {
        Trace($"controller {why}");
        Count(why);
        _controller = null;
        _inbox.Clear();
        _asleepUntil = Now;
        _oracle.Die();
        Useful += _oracle.Useful;
        Wasted += _oracle.Wasted;
        _life++;
        foreach (var write in _pendingWrites.Where(_ => Random.Chance(0.5)))
        {
            Storage.Apply(write);
        }

        _pendingWrites.Clear();
        After(Seconds(1, 30), Boot);
    }

    private void Tick()
    {
        Deliver(at => new TickEvent(at));
        After(TimeSpan.FromSeconds(10), Tick);
    }

    /// <summary>Hands the controller an event and carries the effects out in order.</summary>
    private void Deliver(Func<DateTimeOffset, ControllerEvent> eventAt)
    {
        if (_asleepUntil > Now)
        {
            _inbox.Enqueue(eventAt);
            return;
        }

        if (_controller is null)
        {
            return;
        }

        // Clocks are set back now and then.
        var at = Epoch + Now - (!AreFaultsOver && Random.Chance(0.02) ? Seconds(1, 20) : TimeSpan.Zero);
        var controllerEvent = eventAt(at);
        if (controllerEvent is not TickEvent)
        {
            Trace($"> {controllerEvent}");
        }

        Count(controllerEvent.GetType().Name);
        _oracle.Before(controllerEvent);
        var effects = _controller.Handle(controllerEvent);
        _oracle.After(controllerEvent, effects);
        _oracle.CheckFigures(_controller, _search!);
        foreach (var effect in effects)
        {
            if (Random.Chance(Faults.CrashPerEffect))
            {
                Shutdown("crashes");
                return;
            }

            Trace($"    < {(effect is NoticeEffect notice ? notice.Message : EffectText.Line(effect))}");
            Execute(effect);
        }
    }

    private void Execute(ControllerEffect effect)
    {
        Count(effect.GetType().Name);
        switch (effect)
        {
            case SaveEffect save:
                Write(save);
                break;
            case DispatchEffect dispatch:
                ToEvaluator(dispatch.Evaluator, evaluator => evaluator.Dispatched(dispatch.Lease, dispatch.Trials));
                break;
            case RevokeEffect revoke:
                ToEvaluator(revoke.Evaluator, evaluator => evaluator.Revoked(revoke.Lease));
                break;
            case LookUpEffect lookUp:
                LookUp(lookUp);
                break;
            case PublishEffect publish:
                foreach (var record in publish.Outcomes.Where(record => record.Source == OutcomeSource.Evaluated))
                {
                    _cache.TryAdd(record.Key, record.Outcome);
                }

                break;
            case FinishEffect { Reason: FinishReason.Completed }:
                _oracle.Die();
                Useful += _oracle.Useful;
                Wasted += _oracle.Wasted;
                _isCompleted = true;
                break;
            case FinishEffect:
                Shutdown("stops");
                break;
        }
    }

    private void Write(SaveEffect save)
    {
        _pendingWrites.Add(save);
        var takes = Random.Chance(Faults.SlowWrite) ? Seconds(20, 200) : Seconds(0.001, 0.5);
        var fails = Random.Chance(Faults.FailedWrite);
        var isApplied = !fails || Random.Chance(0.5);
        var isKnownLater = fails && isApplied && Random.Chance(0.5);
        ForThisLife(takes, () =>
        {
            _pendingWrites.Remove(save);
            if (isApplied)
            {
                Storage.Apply(save);
            }

            Deliver(at => fails ? new SaveFailedEvent(at, save.Write) : new SavedEvent(at, save.Write));
        });
        if (isKnownLater)
        {
            ForThisLife(takes + Seconds(0.1, 20), () => Deliver(at => new SavedEvent(at, save.Write)));
        }
    }

    private void LookUp(LookUpEffect lookUp)
    {
        var isLost = Random.Chance(Faults.LostLookUp);
        if (isLost && Random.Chance(0.5))
        {
            return;
        }

        ForThisLife(isLost ? Seconds(40, 100) : Seconds(0.001, 2), () =>
        {
            var found = lookUp.Keys.Where(_cache.ContainsKey).ToImmutableDictionary(key => key, key => _cache[key]);
            Deliver(at => new LookedUpEvent(at, lookUp.LookUp, found));
        });
    }

    private void ForThisLife(TimeSpan delay, Action action)
    {
        var life = _life;
        After(delay, () =>
        {
            if (life == _life)
            {
                action();
            }
        });
    }

    private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;
}
