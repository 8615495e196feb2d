using NasCluster.Core.Prediction;

namespace NasCluster.Core.Control;

/// <summary>A controller's figures at one moment, for metrics and consoles.</summary>
/// <remarks>Counts "since it was made" begin at 0 again when a host recovers the search.</remarks>
public sealed record ControllerStatus
{
    /// <summary>The figures of a search while a stage before or after it is carried out: it dispatches nothing, and one evaluator has to be there.</summary>
    /// <param name="told">Outcomes recorded so far.</param>
    public static ControllerStatus DuringStage(long told) => new()
    {
        Phase = ControllerPhase.Paused,
        Told = told,
        Untold = 0,
        Parked = 0,
        Queued = 0,
        Undecided = 0,
        Leases = 0,
        InFlight = 0,
        LeasesExpired = 0,
        Retries = 0,
        Evaluators = 0,
        EvaluatorsIdle = 0,
        EvaluatorsWanted = 1,
        Generation = null,
        Predictors = [],
    };

    /// <summary>What it is about.</summary>
    public required ControllerPhase Phase { get; init; }

    /// <summary>Outcomes that are durable and told to the search, over its whole life.</summary>
    public required long Told { get; init; }

    /// <summary>Outcomes on their way to storage.</summary>
    public required long Untold { get; init; }

    /// <summary>Trials given up, over the search's whole life.</summary>
    public required long Parked { get; init; }

    /// <summary>Trials asked for that wait for an evaluator or for a look-up.</summary>
    public required int Queued { get; init; }

    /// <summary>Trials asked for that have no outcome: queued, on a lease, or waiting for one with the same key.</summary>
    public required int Undecided { get; init; }

    /// <summary>Leases that evaluators work on.</summary>
    public required int Leases { get; init; }

    /// <summary>Trials on those leases that have no outcome yet.</summary>
    public required int InFlight { get; init; }

    /// <summary>Leases that ran out since it was made.</summary>
    public required long LeasesExpired { get; init; }

    /// <summary>Trials queued again after a reported failure or the loss of a lease, since it was made.</summary>
    public required long Retries { get; init; }

    /// <summary>Evaluators it has, draining ones included.</summary>
    public required int Evaluators { get; init; }

    /// <summary>Those of them that have nothing to do.</summary>
    public required int EvaluatorsIdle { get; init; }

    /// <inheritdoc cref="SearchController.EvaluatorsWanted"/>
    public required int EvaluatorsWanted { get; init; }

    /// <inheritdoc cref="Search.ISearch.Generation"/>
    public required int? Generation { get; init; }

    /// <summary>How well each objective that must be predicted was in the latest round; none of searches that predict nothing, or not yet.</summary>
    public required IReadOnlyList<PredictorFit> Predictors { get; init; }
}
