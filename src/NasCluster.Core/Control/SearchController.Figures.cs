using System.Collections.Immutable;
using NasCluster.Core.Prediction;

namespace NasCluster.Core.Control;

/// <content>What a host may read between two events. Nothing of it changes anything.</content>
public sealed partial class SearchController
{
    /// <summary>The evaluators it has, draining ones included, by name.</summary>
    public ImmutableArray<HeldEvaluator> Evaluators =>
        [.. _evaluators.Slots.Select(slot => new HeldEvaluator(slot.Id, slot.BatchSize, slot.Lease is not null, slot.IsDraining))];

    /// <summary>The most evaluators that it could put to work now, those at work included.</summary>
    /// <remarks>
    /// <para>
    /// That is: those that hold a lease of it, or have yet to drop one; and while it is neither paused nor stopping nor finished, one for
    /// each trial that waits for an evaluator or a look-up, or that the search would hand out if asked. Few trials are spread over many
    /// evaluators, so each trial can use one.
    /// </para>
    /// <para>
    /// An idle evaluator counts, too, for each outcome that is still on its way to storage: what the search proposes after it is known
    /// only when it is told, and lending the evaluator elsewhere for those milliseconds would be vain. So a generational search at its
    /// barrier wants the evaluators at work and no other.
    /// </para>
    /// <para>Draining evaluators never count: they take no other trial. Cheap to read.</para>
    /// </remarks>
    public int EvaluatorsWanted
    {
        get
        {
            if (_isFinished || _isStopping || _isPaused)
            {
                return _isFinished ? 0 : _evaluators.Working;
            }

            var trials = (long)Queued + _recovered.Count + _search.Available;
            var awaited = Math.Min(Untold, _evaluators.Idle);
            return (int)Math.Min(int.MaxValue, _evaluators.Working + trials + awaited);
        }
    }

    /// <summary>Figures for metrics and consoles. It counts the live leases, so it is not for every event.</summary>
    public ControllerStatus Status => new()
    {
        Phase = _isFinished ? ControllerPhase.Finished
            : _isStopping ? ControllerPhase.Stopping
            : _isPaused ? ControllerPhase.Paused
            : ControllerPhase.Running,
        Told = _told,
        Untold = Untold,
        Parked = _parked,
        Queued = Queued,
        Undecided = _ledger.Undecided,
        Leases = _ledger.LiveCount,
        InFlight = _ledger.LiveTrials,
        LeasesExpired = _expired,
        Retries = _retries,
        Evaluators = _evaluators.Count,
        EvaluatorsIdle = _evaluators.Idle,
        EvaluatorsWanted = EvaluatorsWanted,
        Generation = _search.Generation,
        Predictors = Predictors,
    };

    /// <inheritdoc cref="ControllerStatus.Predictors"/>
    public IReadOnlyList<PredictorFit> Predictors
    {
        get
        {
            if (_search is not IPredictorQuality { Fits: [.., var last] fits })
            {
                return [];
            }

            var first = fits.Count - 1;
            while (first > 0 && fits[first - 1].Round == last.Round)
            {
                first--;
            }

            return [.. fits.Skip(first)];
        }
    }

    private int Queued => _ledger.QueuedAlone + _ledger.QueuedShared + _lookUps.Count;

    private long Untold => _writes.NextSequence - _told;
}
