using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>Something a <see cref="SearchController"/> wants done. Hosts carry effects out in order and decide nothing.</summary>
public abstract record ControllerEffect;

/// <summary>Ask the cache for outcomes; answer with a <see cref="LookedUpEvent"/>.</summary>
/// <param name="LookUp">Number of the look-up.</param>
/// <param name="Keys">The keys, without repeats.</param>
public sealed record LookUpEffect(long LookUp, ImmutableArray<EvaluationKey> Keys) : ControllerEffect;

/// <summary>
/// Make records durable, all or none, and answer with a <see cref="SavedEvent"/> or <see cref="SaveFailedEvent"/>.
/// </summary>
/// <remarks>
/// At most one write is in flight. A write may be sent again after a failure whose truth is unknown; storage keeps each
/// <see cref="OutcomeRecord.Sequence"/> and <see cref="StartRecord.Lease"/>+trial once, and never puts a snapshot in the place of one
/// with a higher <see cref="ControllerSnapshot.Position"/>. The answer is for this controller alone: one made after a crash
/// numbers its writes from 1 again and must not be handed answers meant for the earlier one.
/// </remarks>
/// <param name="Write">Number of the write; the same when it is sent again.</param>
/// <param name="Starts">Evaluations about to start: recorded before they are dispatched.</param>
/// <param name="Outcomes">Outcomes, recorded before the search is told of them.</param>
/// <param name="Snapshot">The search's state to keep instead of any earlier one; null to leave it.</param>
public sealed record SaveEffect(
    long Write, ImmutableArray<StartRecord> Starts, ImmutableArray<OutcomeRecord> Outcomes, ControllerSnapshot? Snapshot) : ControllerEffect;

/// <summary>Have an evaluator work on trials under a lease.</summary>
/// <param name="Evaluator">Who.</param>
/// <param name="Lease">The lease to report and renew under.</param>
/// <param name="Trials">At most the evaluator's batch size.</param>
public sealed record DispatchEffect(EvaluatorId Evaluator, LeaseId Lease, ImmutableArray<Trial> Trials) : ControllerEffect;

/// <summary>Tell an evaluator to drop a lease; it answers with a <see cref="LeaseReleasedEvent"/> once it is free.</summary>
/// <remarks>
/// It answers also if it never had the lease or has dropped it before. Until then it is given no other work, and the effect is
/// repeated once per lease duration. A success still reported under the lease is taken if its trial has no outcome yet.
/// </remarks>
/// <param name="Evaluator">Who.</param>
/// <param name="Lease">Which lease.</param>
public sealed record RevokeEffect(EvaluatorId Evaluator, LeaseId Lease) : ControllerEffect;

/// <summary>Outcomes became durable and were told: projections (archive, hypervolume, console) follow these.</summary>
/// <param name="Outcomes">In log order.</param>
public sealed record PublishEffect(ImmutableArray<OutcomeRecord> Outcomes) : ControllerEffect;

/// <summary>Something worth a log line that needs no action, such as a second, different outcome for a key.</summary>
public sealed record NoticeEffect(string Message) : ControllerEffect;

/// <summary>A draining evaluator holds nothing of this search any more and has left: whoever lent it may lend it to another.</summary>
/// <remarks>It follows every <see cref="EvaluatorDrainingEvent"/> of an evaluator the controller has, unless that is lost or joins anew
/// before. A host whose evaluators serve this search alone ignores it.</remarks>
/// <param name="Evaluator">Who.</param>
public sealed record EvaluatorFreedEffect(EvaluatorId Evaluator) : ControllerEffect;

/// <summary>The search is over for this controller; no effect follows.</summary>
public sealed record FinishEffect(FinishReason Reason) : ControllerEffect;

/// <summary>Why a controller finished.</summary>
public enum FinishReason
{
    /// <summary>Budget spent (or space exhausted) and every outcome recorded.</summary>
    Completed,

    /// <summary>Stopped on request; can be resumed.</summary>
    Stopped,
}
