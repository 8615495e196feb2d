using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>The super-network that a table was measured on, as far as it decides times: all but its layers, which are what the table is of.</summary>
/// <param name="Fingerprint">Its weights' fingerprint; for the record, since times are those of any weights.</param>
/// <param name="VocabularySize">Rows of embedding and head.</param>
/// <param name="HiddenSize">Width of the residual stream.</param>
/// <param name="HeadSize">Channels of a whole head.</param>
/// <param name="QueryHeadsPerKvHead">Query heads to a KV group.</param>
/// <param name="TiedEmbeddings">Whether the head is the embedding.</param>
/// <param name="HasOutputBiases">Whether attention and MLP end with biases.</param>
public sealed record LatencyModel(
    string Fingerprint, int VocabularySize, int HiddenSize, int HeadSize, int QueryHeadsPerKvHead, bool TiedEmbeddings, bool HasOutputBiases)
{
    /// <summary>What there is to say of a network.</summary>
    public static LatencyModel Of(LlamaConfiguration configuration, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new LatencyModel(
            fingerprint, configuration.VocabularySize, configuration.HiddenSize, configuration.HeadSize, configuration.QueryHeadsPerKvHead,
            configuration.TiedEmbeddings, configuration.HasOutputBiases);
    }

    /// <summary>Fails unless a network is of this shape.</summary>
    /// <exception cref="NasClusterException">It is of another; the message says in what.</exception>
    public void Check(LlamaConfiguration configuration)
    {
        var found = Of(configuration, Fingerprint);
        Require("vocabulary size", VocabularySize, found.VocabularySize);
        Require("hidden size", HiddenSize, found.HiddenSize);
        Require("head size", HeadSize, found.HeadSize);
        Require("count of query heads to a KV group", QueryHeadsPerKvHead, found.QueryHeadsPerKvHead);
        Require("tied embedding", TiedEmbeddings, found.TiedEmbeddings);
        Require("output biases", HasOutputBiases, found.HasOutputBiases);

        static void Require<T>(string what, T table, T model)
        {
            if (!EqualityComparer<T>.Default.Equals(table, model))
            {
                throw new NasClusterException($"The latency table is of another model: its {what} is {table}, the model's is {model}.");
            }
        }
    }
}
