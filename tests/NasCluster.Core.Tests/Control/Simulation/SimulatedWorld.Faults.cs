using NasCluster.Core.Control;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.Simulation.SimulationFailure;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <content>Network, incidents, and what must hold at the end.</content>
internal sealed partial class SimulatedWorld
{
    private int Useful { get; set; }

    private int Wasted { get; set; }

    /// <summary>
    /// Whether an evaluator holds a sound trial that two more lone losses would park. Such a trial meets no further faults: parking it
    /// would be by the rules, but the end could no longer be compared.
    /// </summary>
    public bool IsProtected(EvaluatorId evaluator) =>
        _oracle.Held(evaluator) is { Trials.Count: 1 } lease
        && _oracle.Find(lease.Trials.Min) is { } trial
        && trial.LoneLosses >= _options.LoneLossesBeforeParking - 2
        && !Evaluations.IsPoison(trial.Trial.Genome);

    /// <summary>Whether a sound trial fails this time; never so often that it is parked.</summary>
    public bool IsFlaky(Trial trial) =>
        Random.Chance(Faults.FlakyFailure)
        && !Evaluations.IsFailing(trial.Genome)
        && (_oracle.Find(trial.Id)?.Failures ?? 0) < _options.FailuresBeforeParking - 1;

    /// <summary>Sends a renewal, release or report over the network.</summary>
    public void SendAboutLease(SimulatedEvaluator evaluator, Func<DateTimeOffset, ControllerEvent> eventAt) =>
        Send(evaluator.Id, () => Deliver(eventAt));

    /// <summary>Sends an offer of work, which arrives sooner or later, perhaps more than once.</summary>
    public void SendJoin(SimulatedEvaluator evaluator, Func<DateTimeOffset, ControllerEvent> eventAt)
    {
        void Arrive()
        {
            if (IsProtected(evaluator.Id))
            {
                After(TimeSpan.FromSeconds(5), Arrive);
            }
            else
            {
                Deliver(eventAt);
            }
        }

        After(Seconds(0.001, 5), Arrive);
        if (Random.Chance(Faults.Duplicate / 4))
        {
            After(Seconds(0.001, 30), Arrive);
        }
    }

    /// <summary>Tells the controller, some time later and perhaps wrongly by then, that an evaluator is gone.</summary>
    public void SendLost(SimulatedEvaluator evaluator) => After(Seconds(0.01, 10), () =>
    {
        if (!IsProtected(evaluator.Id))
        {
            Deliver(at => new EvaluatorLostEvent(at, evaluator.Id));
        }
    });

    private void ToEvaluator(EvaluatorId id, Action<SimulatedEvaluator> receive)
    {
        var evaluator = _evaluators.Single(evaluator => evaluator.Id == id);
        Send(id, () => receive(evaluator));
    }

    private void Send(EvaluatorId evaluator, Action arrive)
    {
        if (IsProtected(evaluator))
        {
            After(TimeSpan.FromMilliseconds(1), arrive);
            return;
        }

        var copies = Random.Chance(Faults.Drop) ? 0 : Random.Chance(Faults.Duplicate) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            After(Random.Chance(Faults.Delay) ? Seconds(5, 150) : Seconds(0.001, 0.2), arrive);
        }
    }

    private void Incident()
    {
        if (AreFaultsOver)
        {
            return;
        }

        After(Seconds(2, 20), Incident);
        var evaluator = _evaluators[Random.Next(_evaluators.Count)];
        if (!Random.Chance(Faults.Incident) || IsProtected(evaluator.Id))
        {
            return;
        }

        switch (Random.Next(8))
        {
            case 0 or 1:
                evaluator.Die();
                break;
            case 2:
                Trace($"{evaluator.Id} is declared dead but is not");
                SendLost(evaluator);
                After(Seconds(10, 100), () => Announce(evaluator, dropsWork: Random.Chance(0.5)));
                break;
            case 3:
                Deliver(at => new EvaluatorDrainingEvent(at, evaluator.Id));
                After(Seconds(10, 100), () => Announce(evaluator, dropsWork: true));
                break;
            case 4 or 5:
                Deliver(at => new PauseRequestedEvent(at));
                After(Seconds(0.01, 60), () => Deliver(at => new ContinueRequestedEvent(at)));
                break;
            case 6 when Random.Chance(0.3):
                Deliver(at => new StopRequestedEvent(at));
                break;
            case 7 when Random.Chance(0.3):
                Sleep();
                break;
            default:
                if (_controller is not null && Faults.CrashPerEffect > 0)
                {
                    Shutdown("crashes");
                }

                break;
        }
    }

    /// <summary>The controller's machine is suspended, the evaluators' are not; what comes meanwhile is handled after it, in order.</summary>
    private void Sleep()
    {
        if (_asleepUntil > Now)
        {
            return;
        }

        Trace("the controller's machine sleeps");
        Count("sleeps");
        _asleepUntil = Now + Seconds(30, 600);
        After(_asleepUntil - Now, () =>
        {
            while (_asleepUntil <= Now && _inbox.TryDequeue(out var eventAt))
            {
                Deliver(eventAt);
            }
        });
    }

    private static void Announce(SimulatedEvaluator evaluator, bool dropsWork)
    {
        if (evaluator.IsAlive)
        {
            evaluator.Announce(dropsWork);
        }
    }

    private void Verify()
    {
        ISearch undisturbed = new GenerationalSearch(_searchSeed, _generationSize, _budget);
        while (!undisturbed.IsFinished)
        {
            foreach (var trial in undisturbed.Ask(int.MaxValue))
            {
                undisturbed.Tell(trial.Id, Evaluations.FinalOutcome(trial.Genome, _options));
            }
        }

        Unless(Storage.Outcomes.Count == _budget, $"{Storage.Outcomes.Count} outcomes for a budget of {_budget}");
        foreach (var record in Storage.Outcomes)
        {
            var expected = Evaluations.FinalOutcome(record.Trial.Genome, _options);
            Unless(record.Outcome.Equals(expected), $"trial {record.Trial.Id} ended as '{record.Outcome}' instead of '{expected}'");
            Count(record.Source.ToString());
        }

        Unless(Storage.Snapshot!.Search.Equals(undisturbed.Snapshot()), "the search ended in another state than undisturbed");
        Unless(Storage.Starts.Count <= Useful + Wasted, $"{Storage.Starts.Count} starts for {Useful} outcomes and {Wasted} losses");
    }
}
