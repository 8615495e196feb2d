using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Costs;

/// <summary>What a network costs, from its shape alone. Layers may differ.</summary>
/// <remarks>
/// Legend: H hidden size, V vocabulary, h query heads and k KV heads of a layer, d the channels that each of them has, I its MLP channels.
/// A layer has h d H (q) + 2 k d H (k, v) + h d H (o) + 3 H I (gate, up, down) matrix weights, and H for the norm before each of
/// attention and MLP, and as many for the bias after it where the network has output biases; a part that was removed takes them with it.
/// </remarks>
public static class CostModel
{
    private const int TwoBytes = 2;

    /// <summary>Weights of the whole network; an embedding that is also the head counts once.</summary>
    public static long Parameters(LlamaConfiguration configuration)
    {
        var embedding = (long)configuration.VocabularySize * configuration.HiddenSize;
        return BlockParameters(configuration) + (configuration.TiedEmbeddings ? embedding : 2 * embedding) + configuration.HiddenSize;
    }

    /// <summary>Weights of the layers: without embedding, last norm and head.</summary>
    public static long BlockParameters(LlamaConfiguration configuration) =>
        configuration.Layers.Sum(l => MatrixWeights(configuration, l) + VectorWeights(configuration, l));

    /// <summary>Bytes the weights take in a format, without file headers or alignment.</summary>
    public static long MemoryBytes(LlamaConfiguration configuration, WeightFormat format)
    {
        var parameters = Parameters(configuration);
        if (format != WeightFormat.Int8)
        {
            return parameters * (format == WeightFormat.Float32 ? sizeof(float) : TwoBytes);
        }

        var matrices = configuration.Layers.Sum(l => MatrixWeights(configuration, l));
        var scales = configuration.Layers.Sum(l => OutputChannels(configuration, l));
        return matrices + (TwoBytes * (scales + parameters - matrices));
    }

    /// <summary>Multiply-accumulate operations for one token: every matrix weight once, the head, and 2 h d C in each layer's attention.</summary>
    /// <remarks>
    /// Scores against C keys cost h d C, the weighted sum of C values as much again. Looking up the embedding, norms, biases, rotation,
    /// softmax and activation are left out: they are no matrix products.
    /// </remarks>
    /// <param name="configuration">The network.</param>
    /// <param name="context">C: tokens attended to, the token itself included.</param>
    public static long MacsPerToken(LlamaConfiguration configuration, int context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        var head = (long)configuration.VocabularySize * configuration.HiddenSize;
        return head + configuration.Layers.Sum(l => MatrixWeights(configuration, l) + (2 * QueryChannels(configuration, l) * context));
    }

    /// <summary>Bytes of the keys and values of a batch of sequences: 2 k d in each layer for every token of every sequence.</summary>
    /// <param name="configuration">The network.</param>
    /// <param name="format">How weights are stored: keys and values take 4 bytes each beside weights of float32, else 2, beside int8 weights too.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="tokens">Tokens of each.</param>
    public static long KvCacheBytes(LlamaConfiguration configuration, WeightFormat format, int batch, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        return 2 * configuration.Layers.Sum(l => KvChannels(configuration, l)) * batch * tokens * (format == WeightFormat.Float32 ? sizeof(float) : TwoBytes);
    }

    private static long MatrixWeights(LlamaConfiguration configuration, LlamaLayerShape layer) =>
        configuration.HiddenSize * ((2 * QueryChannels(configuration, layer)) + (2 * KvChannels(configuration, layer)) + (3L * layer.IntermediateSize));

    private static long VectorWeights(LlamaConfiguration configuration, LlamaLayerShape layer) =>
        (configuration.HasOutputBiases ? 2L : 1L) * configuration.HiddenSize * ((layer.KvHeadCount > 0 ? 1 : 0) + (layer.IntermediateSize > 0 ? 1 : 0));

    // Rows of q, k, v and o, and of gate, up and down, as far as the layer has them.
    private static long OutputChannels(LlamaConfiguration configuration, LlamaLayerShape layer) =>
        (layer.KvHeadCount > 0 ? QueryChannels(configuration, layer) + (2 * KvChannels(configuration, layer)) + configuration.HiddenSize : 0)
        + (layer.IntermediateSize > 0 ? (2L * layer.IntermediateSize) + configuration.HiddenSize : 0);

    private static long QueryChannels(LlamaConfiguration configuration, LlamaLayerShape layer) =>
        KvChannels(configuration, layer) * configuration.QueryHeadsPerKvHead;

    private static long KvChannels(LlamaConfiguration configuration, LlamaLayerShape layer) => (long)layer.KvHeadCount * configuration.HeadChannels(layer);
}
