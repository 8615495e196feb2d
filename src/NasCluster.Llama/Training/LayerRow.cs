using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>Bytes of one token in a layer computed for its gradient by a library that keeps what each operation asks for.</summary>
/// <remarks>Legend: C hidden size, Q channels of all query heads, M MLP channels; b bytes of an activation.</remarks>
internal readonly record struct LayerRow
{
    private const int Single = sizeof(float);

    public LayerRow(LlamaConfiguration configuration, LlamaLayerShape shape, int bytes)
    {
        long c = configuration.HiddenSize, m = shape.IntermediateSize;
        var q = (long)shape.KvHeadCount * configuration.QueryHeadsPerKvHead * configuration.HeadChannels(shape);

        // A norm keeps its input in float32, what it makes of that, and the product with the gain. In float32 the input is the stream itself.
        var norm = (Single * c) + (2 * bytes * c);
        var norms = (q > 0 ? norm : 0) + (m > 0 ? norm : 0);

        // Attention keeps queries, keys and values (repeated for each query head) and its result, and that joined for the output matrix.
        var attention = 5 * bytes * q;

        // Gate, up, the gate's activation and the product.
        var mlp = 4 * bytes * m;
        Kept = norms + attention + mlp;

        // On the way back: the MLP's three gradients, or attention's four; and a norm's in float32.
        Fleeting = Math.Max(3 * bytes * m, 4 * bytes * q) + (3 * Single * c);
    }

    /// <summary>What is kept until the way back.</summary>
    public long Kept { get; }

    /// <summary>What the way back adds for a while.</summary>
    public long Fleeting { get; }
}
