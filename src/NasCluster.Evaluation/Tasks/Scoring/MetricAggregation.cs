namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>How a metric's value comes from those of the documents.</summary>
public enum MetricAggregation
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>exp(-mean), of log-likelihoods in nats.</summary>
    Perplexity,

    /// <summary>exp(-sum of log-likelihoods / sum of weights).</summary>
    WeightedPerplexity,

    /// <summary>-sum of log-likelihoods / sum of weights / ln 2.</summary>
    BitsPerWeight,
}
