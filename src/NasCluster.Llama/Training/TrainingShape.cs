using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>How activations of a batch lie in memory, as in scoring: [panel][channel, padded][32 tokens].</summary>
internal sealed class TrainingShape
{
    public TrainingShape(LlamaConfiguration configuration, TokenBatch batch, Workers workers)
    {
        Configuration = configuration;
        Batch = batch;
        var keys = configuration.Layers.Select(l => l.KvHeadCount).DefaultIfEmpty().Max() * configuration.HeadSize;
        Hidden = LayerPass.Stride(configuration.HiddenSize);
        Key = LayerPass.Stride(keys);
        Query = LayerPass.Stride(keys * configuration.QueryHeadsPerKvHead);
        Mlp = LayerPass.Stride(configuration.Layers.Select(l => l.IntermediateSize).DefaultIfEmpty().Max());
        BlockPanels = workers.BlockPanels(batch.Panels);
        Blocks = (batch.Panels + BlockPanels - 1) / BlockPanels;
    }

    public LlamaConfiguration Configuration { get; }

    public TokenBatch Batch { get; }

    public int Panels => Batch.Panels;

    /// <summary>Floats of one panel of the residual stream.</summary>
    public nint Hidden { get; }

    /// <summary>Floats of one panel of keys, or of values.</summary>
    public nint Key { get; }

    /// <summary>Floats of one panel of queries.</summary>
    public nint Query { get; }

    /// <summary>Floats of one panel of MLP channels.</summary>
    public nint Mlp { get; }

    /// <summary>Panels that one item of work takes.</summary>
    public int BlockPanels { get; }

    public int Blocks { get; }

    /// <summary>Panels of a block.</summary>
    public int Count(int block) => Math.Min(BlockPanels, Panels - (block * BlockPanels));
}
