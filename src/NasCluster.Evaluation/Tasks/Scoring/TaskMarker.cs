using NasCluster.Core;
using NasCluster.Core.Numerics;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Markings;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>Marks a set's documents, one metric after the other.</summary>
internal static class TaskMarker
{
    private static readonly string[] OfChoice = [TaskMetrics.Accuracy, TaskMetrics.NormalisedAccuracy, TaskMetrics.ByteNormalisedAccuracy];
    private static readonly string[] OfTruth = [TaskMetrics.Accuracy];
    private static readonly string[] OfContinuation = [TaskMetrics.Accuracy, TaskMetrics.Perplexity];
    private static readonly string[] OfText =
        [TaskMetrics.WordPerplexity, TaskMetrics.BytePerplexity, TaskMetrics.BitsPerByte, TaskMetrics.TokenPerplexity];

    /// <summary>The metrics that documents of a marking can have.</summary>
    internal static IReadOnlyList<string> MetricsOf(TaskMarking marking) => marking switch
    {
        RightChoice => OfChoice,
        TrueChoices => OfTruth,
        OneContinuation => OfContinuation,
        WholeText => OfText,
        _ => throw new ArgumentOutOfRangeException(nameof(marking), marking, "Unknown marking."),
    };

    /// <summary>One metric of all documents.</summary>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    internal static MetricScore Mark(string metric, TaskSet set, ReadOnlySpan<LogLikelihood> likelihoods)
    {
        var values = new double[set.Documents.Length];
        var weights = IsWeighted(metric) ? new double[values.Length] : [];
        for (var i = 0; i < values.Length; i++)
        {
            var document = set.Documents[i];
            values[i] = ValueOf(metric, document.Marking, likelihoods.Slice(document.FirstRequest, document.RequestCount));
            if (weights.Length > 0)
            {
                weights[i] = WeightOf(metric, (WholeText)document.Marking, set.Requests.AsSpan().Slice(document.FirstRequest, document.RequestCount));
            }
        }

        var score = MetricScore.Of(metric, AggregationOf(metric), [.. values], [.. weights]);
        return weights.Length == 1 && TokensOf(likelihoods) is { Length: > 1 } tokens
            ? score with { StandardError = MetricStatistics.OfOneText(score.Aggregation, tokens, values[0], weights[0]) }
            : score;
    }

    /// <summary>Which way of putting documents together a metric has.</summary>
    internal static MetricAggregation AggregationOf(string metric) => metric switch
    {
        TaskMetrics.Perplexity => MetricAggregation.Perplexity,
        TaskMetrics.BitsPerByte => MetricAggregation.BitsPerWeight,
        TaskMetrics.WordPerplexity or TaskMetrics.BytePerplexity or TaskMetrics.TokenPerplexity => MetricAggregation.WeightedPerplexity,
        _ => MetricAggregation.Mean,
    };

    private static bool IsWeighted(string metric) => AggregationOf(metric) is MetricAggregation.WeightedPerplexity or MetricAggregation.BitsPerWeight;

    private static double ValueOf(string metric, TaskMarking marking, ReadOnlySpan<LogLikelihood> likelihoods) => marking switch
    {
        RightChoice choice => Best(metric, choice, likelihoods) == choice.Gold ? 1 : 0,
        TrueChoices choices => MassOf(choices, likelihoods),
        OneContinuation => metric == TaskMetrics.Accuracy ? (likelihoods[0].IsGreedy ? 1 : 0) : likelihoods[0].Sum,
        _ => Sum(likelihoods),
    };

    // Only a strictly better choice replaces an earlier one: ties go to the first, as numpy's argmax has it.
    private static int Best(string metric, RightChoice choice, ReadOnlySpan<LogLikelihood> likelihoods)
    {
        var best = 0;
        for (var i = 1; i < likelihoods.Length; i++)
        {
            // A choice without any length is at minus infinity, as numpy divides.
            best = likelihoods[i].Sum / Length(i) > likelihoods[best].Sum / Length(best) ? i : best;
        }

        return best;

        double Length(int i) => metric switch
        {
            TaskMetrics.NormalisedAccuracy => choice.Characters[i],
            TaskMetrics.ByteNormalisedAccuracy => choice.Bytes[i],
            _ => 1,
        };
    }

    // The harness takes exp of the sums themselves, which is 0 for all of them where texts are long; relative to the greatest, none of it is lost.
    private static double MassOf(TrueChoices choices, ReadOnlySpan<LogLikelihood> likelihoods)
    {
        var greatest = double.NegativeInfinity;
        foreach (var likelihood in likelihoods)
        {
            greatest = Math.Max(greatest, likelihood.Sum);
        }

        var (right, all) = (0.0, 0.0);
        for (var i = 0; i < likelihoods.Length; i++)
        {
            var mass = PortableExp.Of(likelihoods[i].Sum - greatest);
            all += mass;
            right += choices.IsTrue[i] ? mass : 0;
        }

        return right / all;
    }

    private static double Sum(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        var sum = 0.0;
        foreach (var likelihood in likelihoods)
        {
            sum += likelihood.Sum;
        }

        return sum;
    }

    private static float[] TokensOf(ReadOnlySpan<LogLikelihood> windows)
    {
        var tokens = new List<float>();
        foreach (var window in windows)
        {
            tokens.AddRange(window.PerToken);
        }

        return [.. tokens];
    }

    private static double WeightOf(string metric, WholeText text, ReadOnlySpan<ScoringRequest> requests)
    {
        if (metric != TaskMetrics.TokenPerplexity)
        {
            return metric == TaskMetrics.WordPerplexity ? text.Words : text.Bytes;
        }

        var tokens = 0L;
        foreach (var request in requests)
        {
            tokens += request.ScoredCount;
        }

        return tokens;
    }
}
