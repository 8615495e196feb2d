namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>Names of metrics, as the evaluation harness has them. Only <see cref="TokenPerplexity"/> is not of the harness, which never counts tokens.</summary>
public static class TaskMetrics
{
    /// <summary>Share of documents answered right; of several true choices, the share of probability they get.</summary>
    public const string Accuracy = "acc";

    /// <summary>Share answered right when each choice's log-likelihood is divided by its length in characters.</summary>
    public const string NormalisedAccuracy = "acc_norm";

    /// <summary>As <see cref="NormalisedAccuracy"/>, by the length in bytes of UTF-8.</summary>
    public const string ByteNormalisedAccuracy = "acc_bytes";

    /// <summary>exp(-mean log-likelihood of a document's continuation).</summary>
    public const string Perplexity = "perplexity";

    /// <summary>exp(-log-likelihood per word).</summary>
    public const string WordPerplexity = "word_perplexity";

    /// <summary>exp(-log-likelihood per byte).</summary>
    public const string BytePerplexity = "byte_perplexity";

    /// <summary>-log2-likelihood per byte.</summary>
    public const string BitsPerByte = "bits_per_byte";

    /// <summary>exp(-log-likelihood per scored token).</summary>
    public const string TokenPerplexity = "token_perplexity";
}
