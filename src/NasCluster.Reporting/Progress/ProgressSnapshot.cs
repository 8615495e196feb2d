using System.Collections.Immutable;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Progress;

/// <summary>What a search looks like at one moment. Whoever runs the search computes it; views only show it.</summary>
public sealed record ProgressSnapshot : IProgressSnapshot
{
    /// <summary>The model searched, as people call it.</summary>
    public required string Model { get; init; }

    /// <summary>The objectives, in the search's order.</summary>
    public required ImmutableArray<Objective> Objectives { get; init; }

    /// <summary>How many outcomes the search was told, failures and remembered ones included.</summary>
    public required long Done { get; init; }

    /// <summary>How many it will be told in all.</summary>
    public required long Budget { get; init; }

    /// <summary>Whether it goes on.</summary>
    public ProgressState State { get; init; } = ProgressState.Running;

    /// <summary>How many of the outcomes were failures.</summary>
    public long Failed { get; init; }

    /// <summary>How many of the outcomes were known before and not computed again.</summary>
    public long Remembered { get; init; }

    /// <summary>How the front's hypervolume grew, by ascending number of evaluations; empty before it is known.</summary>
    public ImmutableArray<HypervolumePoint> History { get; init; } = [];

    /// <summary>Every trial with values so far, in any order; the front's marked.</summary>
    public ImmutableArray<EvaluatedPoint> Points { get; init; } = [];

    /// <summary>The evaluators that work for it now; null where nobody tells, as when it is alone in its process.</summary>
    public ImmutableArray<EvaluatorRow>? Evaluators { get; init; }

    /// <summary>How well objectives were predicted when the latest round was proposed; empty for searches that predict nothing, or not yet.</summary>
    public ImmutableArray<PredictorFit> Predictors { get; init; } = [];

    long IProgressSnapshot.Work => Done;

    internal double? Hypervolume => History.IsEmpty ? null : History[^1].Hypervolume;

    internal int FrontSize => Points.Count(p => p.OnFront);

    /// <summary>The best point in each objective, the earliest trial among equals; empty before there is a front.</summary>
    internal ImmutableArray<EvaluatedPoint> Best()
    {
        var front = Points.Where(p => p.OnFront).OrderBy(p => p.Trial).ToArray();
        return front.Length == 0 ? [] : [.. Objectives.Select((objective, i) => objective.Direction == ObjectiveDirection.Minimise
            ? front.MinBy(p => p.Values[i].Value)
            : front.MaxBy(p => p.Values[i].Value))];
    }
}
