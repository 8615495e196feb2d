using NasCluster.Core.Numerics;
using NasCluster.Evaluation.Statistics;
using NasCluster.Evaluation.Tasks.Shots;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>Metrics over documents and their standard errors, by the evaluation harness's formulas (version 0.4.9.2).</summary>
public static class MetricStatistics
{
    /// <summary>Resamples for the error of a perplexity. The harness draws 100,000 by default, in portions of this many; the first portion is the same.</summary>
    public const int Replicates = 1000;

    /// <summary>The metric that documents' values amount to.</summary>
    /// <param name="aggregation">How.</param>
    /// <param name="values">One per document, at least one.</param>
    /// <param name="weights">One per document where the aggregation takes weights; otherwise none.</param>
    public static double Aggregate(MetricAggregation aggregation, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        return aggregation switch
        {
            MetricAggregation.Mean => Sum(values) / values.Length,
            MetricAggregation.Perplexity => PortableExp.Of(-Sum(values) / values.Length),
            MetricAggregation.WeightedPerplexity => PortableExp.Of(-Ratio(values, weights)),
            MetricAggregation.BitsPerWeight => -Ratio(values, weights) / Ln2,
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Unknown aggregation."),
        };
    }

    /// <summary>A metric's standard error.</summary>
    /// <remarks>
    /// Of a mean: the sample's standard deviation (divisor n - 1) by the root of n. Of a perplexity: the standard deviation over
    /// <see cref="Replicates"/> resamples of the documents, drawn by Python's generator from seed 0. The harness gives none for metrics with
    /// weights: there, that of the ratio of two sums over documents (Cochran 1977, "Sampling techniques", section 2.11), carried over to the
    /// perplexity by its derivative. 0 for a single document; of a single text, <see cref="OfOneText"/> tells more.
    /// </remarks>
    /// <param name="aggregation">How the metric comes about.</param>
    /// <param name="values">One per document, at least one.</param>
    /// <param name="weights">As for <see cref="Aggregate"/>.</param>
    public static double StandardError(MetricAggregation aggregation, ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        return values.Length == 1 ? 0 : aggregation switch
        {
            MetricAggregation.Mean => Deviation(values) / Math.Sqrt(values.Length),
            MetricAggregation.Perplexity => OfResamples(values),
            MetricAggregation.WeightedPerplexity => OfRatio(values, weights) * PortableExp.Of(-Ratio(values, weights)),
            MetricAggregation.BitsPerWeight => OfRatio(values, weights) / Ln2,
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Unknown aggregation."),
        };
    }

    /// <summary>The standard error of a metric with weights where there is only one text: that of its tokens' mean by <see cref="BlockBootstrap"/>, brought to the weight.</summary>
    /// <param name="aggregation">How the metric comes about.</param>
    /// <param name="tokens">Log-likelihoods of the text's tokens, in order; at least one.</param>
    /// <param name="sum">Their sum, as the metric is of it.</param>
    /// <param name="weight">The text's weight.</param>
    internal static double OfOneText(MetricAggregation aggregation, ReadOnlySpan<float> tokens, double sum, double weight)
    {
        var error = BlockBootstrap.Estimate(tokens).Mean * tokens.Length / weight;
        return aggregation switch
        {
            MetricAggregation.WeightedPerplexity => error * PortableExp.Of(-sum / weight),
            MetricAggregation.BitsPerWeight => error / Ln2,
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Not an aggregation with weights."),
        };
    }

    private static double Ln2 => 0.693147180559945309417;

    /// <summary>The error of a mean over all documents of several tasks, from the tasks' own errors: the root of the pooled variance by the number of documents.</summary>
    /// <param name="errors">Each task's standard error of its mean.</param>
    /// <param name="sizes">Each task's documents.</param>
    internal static double Pooled(ReadOnlySpan<double> errors, ReadOnlySpan<int> sizes)
    {
        var (sum, documents) = (0.0, 0L);
        for (var i = 0; i < errors.Length; i++)
        {
            sum += (sizes[i] - 1.0) * errors[i] * errors[i] * sizes[i];
            documents += sizes[i];
        }

        return documents == errors.Length ? 0 : Math.Sqrt(sum / (documents - errors.Length) / documents);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static double Ratio(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, values.Length);
        return Sum(values) / Sum(weights);
    }

    private static double Deviation(ReadOnlySpan<double> values)
    {
        var mean = Sum(values) / values.Length;
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / (values.Length - 1));
    }

    private static double OfRatio(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var ratio = Ratio(values, weights);
        var squares = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var rest = values[i] - (ratio * weights[i]);
            squares += rest * rest;
        }

        var count = values.Length;
        return Math.Sqrt(squares * count / (count - 1)) / Sum(weights);
    }

    private static double OfResamples(ReadOnlySpan<double> values)
    {
        var random = new PythonRandom(0);
        var replicates = new double[Replicates];
        for (var replicate = 0; replicate < replicates.Length; replicate++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Length; i++)
            {
                sum += values[(int)(random.NextDouble() * values.Length)];
            }

            replicates[replicate] = PortableExp.Of(-sum / values.Length);
        }

        return Deviation(replicates);
    }
}
