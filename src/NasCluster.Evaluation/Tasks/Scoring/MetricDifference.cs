using System.Collections.Immutable;
using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>How a metric of two networks differs, measured on the same documents.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Value">The second's value less the first's.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="PValue">How likely a difference at least as large is where there is none; see <see cref="PairedDifference"/>.</param>
public sealed record MetricDifference(string Metric, double Value, double StandardError, double PValue)
{
    private const int Replicates = 1000;
    private const ulong Seed = 0x6E617363;

    /// <summary>Compares two scores of one task.</summary>
    /// <remarks>
    /// Means are compared document by document. Perplexities are no means: there the documents are drawn again and again with replacement, the same for both
    /// (the paired bootstrap; Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter 10), and the difference's spread is its error.
    /// </remarks>
    /// <exception cref="ArgumentException">They are not of the same metrics or not as many documents.</exception>
    public static ImmutableArray<MetricDifference> Of(TaskScore first, TaskScore second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.Task == second.Task
            ? [.. first.Metrics.Zip(second.Metrics, Of)]
            : throw new ArgumentException($"These are scores of {first.Task} and {second.Task}; only those of one task can be compared.", nameof(second));
    }

    private static MetricDifference Of(MetricScore first, MetricScore second)
    {
        if (first.Name != second.Name || first.PerDocument.Length != second.PerDocument.Length)
        {
            throw new ArgumentException($"{first.Name} of {first.PerDocument.Length} documents cannot be compared with {second.Name} of {second.PerDocument.Length}.");
        }

        var value = second.Value - first.Value;
        if (first.Aggregation == MetricAggregation.Mean)
        {
            var paired = PairedDifference.Of(first.PerDocument.AsSpan(), second.PerDocument.AsSpan());
            return new MetricDifference(first.Name, value, paired.StandardError, paired.PValue);
        }

        var error = Bootstrap(first, second);
        return new MetricDifference(first.Name, value, error, value == 0 ? 1 : error == 0 ? 0 : 2 * NormalDistribution.Cumulative(-Math.Abs(value) / error));
    }

    private static double Bootstrap(MetricScore first, MetricScore second)
    {
        var count = first.PerDocument.Length;
        if (count == 1)
        {
            return 0;
        }

        var random = new SplitMix64(Seed);
        var weights = new double[first.Weights.Length];
        var (values, others) = (new double[count], new double[count]);
        var (mean, squares) = (0.0, 0.0);
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            for (var i = 0; i < count; i++)
            {
                var drawn = (int)Math.BigMul(random.Next(), (ulong)count, out _);
                (values[i], others[i]) = (first.PerDocument[drawn], second.PerDocument[drawn]);
                if (weights.Length > 0)
                {
                    weights[i] = first.Weights[drawn];
                }
            }

            var difference = MetricStatistics.Aggregate(first.Aggregation, others, weights) - MetricStatistics.Aggregate(first.Aggregation, values, weights);
            var delta = difference - mean;
            mean += delta / (replicate + 1);
            squares += delta * (difference - mean);
        }

        return Math.Sqrt(squares / (Replicates - 1));
    }
}
