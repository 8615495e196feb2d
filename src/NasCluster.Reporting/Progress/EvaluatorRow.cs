using NasCluster.Core.Control.Sharing;

namespace NasCluster.Reporting.Progress;

/// <summary>An evaluator that works for a search, as views show it.</summary>
public sealed record EvaluatorRow
{
    /// <summary>Its name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required EvaluatorActivity Activity { get; init; }

    /// <summary>Trials it works on.</summary>
    public required int InHand { get; init; }

    /// <summary>The most trials it takes at once.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Evaluations it has ended in its life, for whatever searches.</summary>
    public required long Evaluations { get; init; }

    /// <summary>How many of those failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Evaluations a second of its work lately, pauses left out; null before it has ended one.</summary>
    public double? PerSecond { get; init; }

    /// <summary>How many super-networks it holds in memory.</summary>
    public required int SuperNetworks { get; init; }
}
