using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control;

/// <summary>A controller over a <see cref="ListSearch"/> with one-line ways to send each event; genes are their own keys.</summary>
internal sealed class ControllerScript(ISearch search, ControllerOptions? options = null, RecoveredState? recovered = null)
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SearchController _controller = new(search, KeyOf, options ?? new ControllerOptions(), recovered);

    public DateTimeOffset Now { get; private set; } = Start;

    public int Wanted => _controller.EvaluatorsWanted;

    public ControllerStatus Status => _controller.Status;

    public IReadOnlyList<HeldEvaluator> Evaluators => _controller.Evaluators;

    public static EvaluationKey KeyOf(Genome genome) => new($"key {genome.Genes[0]}");

    public static EvaluationOutcome Value(double value) => EvaluationOutcome.Success([new ObjectiveValue(value, 0)]);

    public static EvaluatorId Evaluator(string name) => new(name);

    public ControllerEffect[] Send(ControllerEvent controllerEvent) => [.. _controller.Handle(controllerEvent)];

    public ControllerEffect[] Tick(double seconds = 0)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Send(new TickEvent(Now));
    }

    /// <summary>Ticks every second, and gives what came of it.</summary>
    public ControllerEffect[] Wait(int seconds) => [.. Enumerable.Range(0, seconds).SelectMany(_ => Tick(1))];

    public ControllerEffect[] Join(string evaluator, int batchSize = 1) => Send(new EvaluatorJoinedEvent(Now, Evaluator(evaluator), batchSize));

    public ControllerEffect[] Lose(string evaluator) => Send(new EvaluatorLostEvent(Now, Evaluator(evaluator)));

    public ControllerEffect[] Drain(string evaluator) => Send(new EvaluatorDrainingEvent(Now, Evaluator(evaluator)));

    public ControllerEffect[] Renew(long lease) => Send(new LeaseRenewedEvent(Now, new LeaseId(lease)));

    public ControllerEffect[] Release(long lease) => Send(new LeaseReleasedEvent(Now, new LeaseId(lease)));

    public ControllerEffect[] Report(long lease, long trial, double value) => Report(lease, trial, Value(value));

    public ControllerEffect[] Fail(long lease, long trial, string reason = "broken") => Report(lease, trial, EvaluationOutcome.Failed(reason));

    public ControllerEffect[] Report(long lease, long trial, EvaluationOutcome outcome) =>
        Send(new OutcomeReportedEvent(Now, new LeaseId(lease), new TrialId(trial), outcome));

    public ControllerEffect[] Saved(long write) => Send(new SavedEvent(Now, write));

    public ControllerEffect[] SaveFailed(long write) => Send(new SaveFailedEvent(Now, write));

    public ControllerEffect[] LookedUp(long lookUp, params (int Gene, double Value)[] found) => Send(new LookedUpEvent(
        Now, lookUp, found.ToImmutableDictionary(f => KeyOf(new Genome([f.Gene])), f => Value(f.Value))));

    public ControllerEffect[] Pause() => Send(new PauseRequestedEvent(Now));

    public ControllerEffect[] Continue() => Send(new ContinueRequestedEvent(Now));

    public ControllerEffect[] Stop() => Send(new StopRequestedEvent(Now));
}
