using System.Collections.Immutable;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>What a network's likelihoods of a task amount to.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Metrics">Its metrics, in the task's order.</param>
public sealed record TaskScore(string Task, ImmutableArray<MetricScore> Metrics)
{
    /// <summary>The metric of a name.</summary>
    /// <exception cref="KeyNotFoundException">The task has no such metric.</exception>
    public MetricScore this[string metric] =>
        Metrics.FirstOrDefault(m => m.Name == metric) ?? throw new KeyNotFoundException($"{Task} has no metric '{metric}'; it has {string.Join(", ", Metrics.Select(m => m.Name))}.");
}
