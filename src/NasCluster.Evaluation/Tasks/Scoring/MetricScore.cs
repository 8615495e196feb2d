using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>One metric of a task: its value, and what each document contributes to it.</summary>
/// <param name="Name">As the evaluation harness calls it, such as <c>acc</c>, <c>acc_norm</c> or <c>word_perplexity</c>.</param>
/// <param name="Aggregation">How <paramref name="Value"/> comes from <paramref name="PerDocument"/>.</param>
/// <param name="Value">The metric.</param>
/// <param name="StandardError">Its standard error; see <see cref="MetricStatistics"/>.</param>
/// <param name="PerDocument">Each document's value in the order of the set: 0 or 1, a share, or a log-likelihood in nats.</param>
/// <param name="Weights">Each document's weight, such as its words; empty where all count the same.</param>
public sealed record MetricScore(
    string Name, MetricAggregation Aggregation, double Value, double StandardError, ImmutableArray<double> PerDocument, ImmutableArray<double> Weights)
{
    /// <summary>Whether a higher value is better.</summary>
    public bool HigherIsBetter => Aggregation == MetricAggregation.Mean;

    /// <summary>Value and standard error as an objective has them.</summary>
    public ObjectiveValue Objective => new(Value, StandardError);

    /// <summary>The metric of documents' values.</summary>
    internal static MetricScore Of(string name, MetricAggregation aggregation, ImmutableArray<double> perDocument, ImmutableArray<double> weights = default)
    {
        ImmutableArray<double> known = weights.IsDefault ? [] : weights;
        var value = MetricStatistics.Aggregate(aggregation, perDocument.AsSpan(), known.AsSpan());
        return new(name, aggregation, value, MetricStatistics.StandardError(aggregation, perDocument.AsSpan(), known.AsSpan()), perDocument, known);
    }
}
