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

/// <summary>Time passed: leases run out and failed writes are repeated on ticks only.</summary>
/// <remarks>
/// A host sends one at the start and then regularly, at least four times per lease duration. A longer silence between two
/// events counts as half a lease duration: the host itself slept, as a suspended laptop does, and its evaluators with it.
/// </remarks>
public sealed record TickEvent(DateTimeOffset At) : ControllerEvent(At);

/// <summary>An evaluator offers its work, holding no lease.</summary>
/// <remarks>It does so when it starts, and again when the controller has restarted. Of an evaluator that is known already it means
/// that it restarted, so what it held is lost.</remarks>
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

/// <summary>An evaluator has dropped a lease and is free.</summary>
/// <remarks>
/// It answers a <see cref="RevokeEffect"/>. Of a live lease it means that the evaluator gave back, unharmed, what it has not
/// reported: that is queued again and counts neither as failure nor as loss.
/// </remarks>
public sealed record LeaseReleasedEvent(DateTimeOffset At, LeaseId Lease) : ControllerEvent(At);

/// <summary>An evaluator reports a trial's outcome.</summary>
/// <remarks>
/// A failed outcome counts as a reported failure if its lease is live; the trial is tried again until parked. Under a lease
/// that is not live (run out, revoked, or from before a crash) a failure counts for nothing, but a success is taken if the trial
/// has no outcome yet: outcomes are determined by the key, so there is no need to compute it once more.
/// </remarks>
public sealed record OutcomeReportedEvent(DateTimeOffset At, LeaseId Lease, TrialId Trial, EvaluationOutcome Outcome) : ControllerEvent(At);

/// <summary>The cache answers a <see cref="LookUpEffect"/>.</summary>
/// <param name="At">When.</param>
/// <param name="LookUp">The look-up's number.</param>
/// <param name="Found">The outcomes found; a key not in here is unknown.</param>
public sealed record LookedUpEvent(DateTimeOffset At, long LookUp, ImmutableDictionary<EvaluationKey, EvaluationOutcome> Found) : ControllerEvent(At);

/// <summary>A <see cref="SaveEffect"/> is durable.</summary>
public sealed record SavedEvent(DateTimeOffset At, long Write) : ControllerEvent(At);

/// <summary>A <see cref="SaveEffect"/> failed; the controller sends the same write again after a pause, however often it fails.</summary>
/// <remarks>A host that knows a repetition to be vain, such as for a full disk, ends instead; nothing is lost by that.</remarks>
public sealed record SaveFailedEvent(DateTimeOffset At, long Write) : ControllerEvent(At);

/// <summary>Dispatch no more until told to go on.</summary>
public sealed record PauseRequestedEvent(DateTimeOffset At) : ControllerEvent(At);

/// <summary>Go on after a pause.</summary>
public sealed record ContinueRequestedEvent(DateTimeOffset At) : ControllerEvent(At);

/// <summary>Stop for good: dispatch no more, revoke what runs, save what was reported, then finish.</summary>
public sealed record StopRequestedEvent(DateTimeOffset At) : ControllerEvent(At);
