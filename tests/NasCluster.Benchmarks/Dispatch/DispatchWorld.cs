using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Benchmarks.Dispatch;

/// <summary>A cluster in virtual time: the real directory, controllers and searches; messages, storage and evaluators are simulated.</summary>
internal sealed class DispatchWorld
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (double Due, long Order)> _actions = new();
    private readonly Dictionary<EvaluatorId, SimulatedDevice> _devices = [];
    private readonly EvaluatorDirectory _directory = new(new DirectoryOptions { WarmUp = TimeSpan.Zero }, Epoch);
    private long _order;

    public DispatchWorld(WorldOptions options)
    {
        Options = options;
        Times = new EvaluationTimes(options);
        Alive = new Gauge(() => Now);
        for (var i = 0; i < options.Evaluators; i++)
        {
            var device = new SimulatedDevice(this, i);
            _devices.Add(new EvaluatorId($"gpu-{i:D4}"), device);
            device.Start();
        }

        Tick();
    }

    public WorldOptions Options { get; }

    public EvaluationTimes Times { get; }

    public double Now { get; private set; }

    public DateTimeOffset Time => Epoch + TimeSpan.FromSeconds(Now);

    /// <summary>Evaluators that live.</summary>
    public Gauge Alive { get; }

    public int Deaths { get; set; }

    /// <summary>How often an evaluator got work from one search while it worked for another.</summary>
    public int Overlaps { get; set; }

    public List<SimulatedSearch> Searches { get; } = [];

    public void After(double seconds, Action action) => _actions.Enqueue(action, (Now + seconds, _order++));

    public SimulatedSearch Add(double weight, Nsga2Options algorithm, int budget)
    {
        var search = new SimulatedSearch(this, Searches.Count, weight, algorithm, budget);
        Searches.Add(search);
        After(1, search.Begin);
        return search;
    }

    /// <summary>Goes on until a time, or something holds.</summary>
    public void Run(double until, Func<bool> holds)
    {
        while (!holds() && _actions.TryPeek(out _, out var due) && due.Due <= until)
        {
            Now = due.Due;
            _actions.Dequeue()();
        }
    }

    public void ToDevice(EvaluatorId id, Action<SimulatedDevice> message) => After(Options.MessageTime, () => message(_devices[id]));

    public void Directory(Func<EvaluatorDirectory, ImmutableArray<SearchId>> call) => After(Options.MessageTime, () => Nudge(call(_directory)));

    public void Enlist(Enlistment call, Action<LoanSheet> answer) => After(Options.MessageTime, () =>
    {
        var reply = _directory.Enlist(Time, call);
        Nudge(reply.Changed);
        After(Options.MessageTime, () => answer(reply.Sheet));
    });

    private void Tick()
    {
        Directory(directory => directory.Tick(Time));
        After(1, Tick);
    }

    private void Nudge(ImmutableArray<SearchId> changed)
    {
        foreach (var id in changed)
        {
            var search = Searches.Single(search => search.Id == id);
            After(Options.MessageTime, search.Enlist);
        }
    }
}
