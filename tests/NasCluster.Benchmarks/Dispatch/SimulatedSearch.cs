using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Spaces;

namespace NasCluster.Benchmarks.Dispatch;

/// <summary>A search's host as the cluster's is: the real controller, search and loan book, with storage and messages in virtual time.</summary>
internal sealed class SimulatedSearch
{
    private static readonly IntegerSpace Space = new([.. Enumerable.Repeat(8, 24)]);

    private readonly DispatchWorld _world;
    private readonly SearchController _controller;
    private readonly LoanBook _book;
    private readonly Dictionary<TrialId, int> _attempts = [];
    private readonly int _budget;
    private bool _isAsking;
    private bool _asksAgain;

    public SimulatedSearch(DispatchWorld world, int number, double weight, Nsga2Options algorithm, int budget)
    {
        _world = world;
        _budget = budget;
        Number = number;
        Weight = weight;
        Id = new SearchId($"search-{number}");
        Busy = new Gauge(() => world.Now);
        var options = new SearchOptions
        {
            Objectives =
            [
                new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored), new("size", ObjectiveDirection.Minimise, ObjectiveKind.Analytic),
            ],
            Budget = budget,
            Seed = (ulong)number + 1,
            InFlight = world.Options.Evaluators * world.Options.BatchSize * 11 / 10,
        };
        _controller = new SearchController(
            Searches.Create(algorithm, options, Space),
            genome => new EvaluationKey(string.Join(',', genome.Genes)),
            new ControllerOptions { SnapshotEvery = 1_000, ObjectiveCount = 2 });
        _book = new LoanBook(Id, weight, "network", start: 0);
    }

    public int Number { get; }

    public double Weight { get; }

    public SearchId Id { get; }

    /// <summary>Evaluators that work for it.</summary>
    public Gauge Busy { get; }

    public bool IsFinished { get; private set; }

    /// <summary>Whether every trial of the budget has been asked for; looked at every two seconds.</summary>
    public bool IsGivenOut { get; private set; }

    public ControllerStatus Status => _controller.Status;

    /// <summary>Enlists and ticks from now on.</summary>
    public void Begin()
    {
        Enlist();
        Tick();
        Repeat();
    }

    public (double Seconds, bool Fails) Attempt(TrialId trial)
    {
        var attempt = _attempts.GetValueOrDefault(trial);
        _attempts[trial] = attempt + 1;
        return _world.Times.Of(Number, trial.Value, attempt);
    }

    public EvaluationOutcome OutcomeOf(Trial trial)
    {
        var size = trial.Genome.Genes.Sum();
        var loss = trial.Genome.Genes.Select((gene, i) => (1 + (i * 0.37)) / (1 + gene)).Sum();
        return EvaluationOutcome.Success([new ObjectiveValue(loss, 0), new ObjectiveValue(size, 0)]);
    }

    public void Send(Func<DateTimeOffset, ControllerEvent> eventAt) => _world.After(_world.Options.MessageTime, () => Handle(eventAt(_world.Time)));

    /// <summary>Asks the directory for a sheet; while it is asked already, once more after that.</summary>
    public void Enlist()
    {
        if (_isAsking || IsFinished)
        {
            _asksAgain = true;
            return;
        }

        _isAsking = true;
        _asksAgain = false;
        var call = _book.Enlist(_controller.Evaluators, _controller.EvaluatorsWanted);
        _world.Enlist(call, sheet =>
        {
            Handle(_book.Apply(_world.Time, sheet, _controller.Evaluators).AsSpan());
            _isAsking = false;
            if (_asksAgain)
            {
                Enlist();
            }
        });
    }

    private void Repeat()
    {
        if (!IsFinished)
        {
            _world.After(2, () =>
            {
                var status = Status;
                IsGivenOut = status.Told + status.Untold + status.Undecided >= _budget;
                Enlist();
                Repeat();
            });
        }
    }

    private void Tick()
    {
        if (!IsFinished)
        {
            Handle(new TickEvent(_world.Time));
            _world.After(5, Tick);
        }
    }

    private void Handle(params ReadOnlySpan<ControllerEvent> events)
    {
        foreach (var effect in _controller.Handle(events))
        {
            switch (effect)
            {
                case SaveEffect save:
                    _world.After(_world.Options.WriteTime, () => Handle(new SavedEvent(_world.Time, save.Write)));
                    break;
                case DispatchEffect dispatch:
                    _world.ToDevice(dispatch.Evaluator, device => device.Dispatch(this, dispatch));
                    break;
                case RevokeEffect revoke:
                    _world.ToDevice(revoke.Evaluator, device => device.Revoke(this, revoke.Lease));
                    break;
                case EvaluatorFreedEffect:
                    Enlist();
                    break;
                case FinishEffect:
                    IsFinished = true;
                    _world.Directory(directory => directory.Leave(_world.Time, Id));
                    break;
            }
        }

        if (_book.IsNews(_controller.EvaluatorsWanted))
        {
            Enlist();
        }
    }
}
