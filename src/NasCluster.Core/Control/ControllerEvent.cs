using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Names one evaluator: a worker thread, or a device of a silo.</summary>
public readonly record struct EvaluatorId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one dispatch of trials to an evaluator; never used twice in the life of a controller.</summary>
public readonly record struct LeaseId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Value}";
}

/// <summary>Something that happened to a <see cref="SearchController"/>.</summary>
/// <param name="At">When. Only differences matter; a time before the latest seen counts as the latest.</param>
public abstract record ControllerEvent(DateTimeOffset At);

/// <summary>Time passed. A host sends one at the start and then regularly, some times per lease duration.</summary>
public sealed record TickEvent(DateTimeOffset At) : ControllerEvent(At);

/// <summary>An evaluator offers its work, or announces itself again after the controller restarted.</summary>
/// <param name="At">When.</param>
/// <param name="Evaluator">Who.</param>
/// <param name="BatchSize">The most trials it takes in one lease, at least 1.</param>
public sealed record EvaluatorJoinedEvent(DateTimeOffset At, EvaluatorId Evaluator, int BatchSize) : ControllerEvent(At);

/// <summary>An evaluator is gone and will not report; what it held is queued again at once.</summary>
public sealed record EvaluatorLostEvent(DateTimeOffset At, EvaluatorId Evaluator) : ControllerEvent(At);

/// <summary>An evaluator takes no more work, but finishes what it holds.</summary>
public sealed record EvaluatorDrainingEvent(DateTimeOffset At, EvaluatorId Evaluator) : ControllerEvent(At);

/// <summary>An evaluator is still working on a lease.</summary>
public sealed record LeaseRenewedEvent(DateTimeOffset At, LeaseId Lease) : ControllerEvent(At);

/// <summary>An evaluator reports a trial's outcome. A failed outcome counts as a reported failure and is tried again until parked.</summary>
public sealed record OutcomeReportedEvent(DateTimeOffset At, LeaseId Lease, TrialId Trial, EvaluationOutcome Outcome) : ControllerEvent(At);

/// <summary>The cache answers a <see cref="LookUpEffect"/>.</summary>
/// <param name="At">When.</param>
/// <param name="LookUp">The look-up's number.</param>
/// <param name="Found">The outcomes found; a key not in here is unknown.</param>
public sealed record LookedUpEvent(DateTimeOffset At, long LookUp, ImmutableDictionary<EvaluationKey, EvaluationOutcome> Found) : ControllerEvent(At);

/// <summary>A <see cref="SaveEffect"/> is durable.</summary>
public sealed record SavedEvent(DateTimeOffset At, long Write) : ControllerEvent(At);

/// <summary>A <see cref="SaveEffect"/> failed; the controller sends the same write again after a pause.</summary>
public sealed record SaveFailedEvent(DateTimeOffset At, long Write) : ControllerEvent(At);

/// <summary>Dispatch no more until told to go on.</summary>
public sealed record PauseRequestedEvent(DateTimeOffset At) : ControllerEvent(At);

/// <summary>Go on after a pause.</summary>
public sealed record ContinueRequestedEvent(DateTimeOffset At) : ControllerEvent(At);

/// <summary>Stop for good: dispatch no more, revoke what runs, save what was reported, then finish.</summary>
public sealed record StopRequestedEvent(DateTimeOffset At) : ControllerEvent(At);
