using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>What the memory of a training depends on besides the network.</summary>
public sealed record TrainingMemoryPlan
{
    /// <summary>Bytes of a weight and of an activation: 2 or 4.</summary>
    public required int WeightBytes { get; init; }

    /// <summary>How weights are changed.</summary>
    public required TrainingOptimiser Optimiser { get; init; }

    /// <summary>Whether layers are computed again; fused optimisers do so always.</summary>
    public bool Recompute { get; init; }

    /// <summary>Tokens computed at once, padding included.</summary>
    public required int BatchRows { get; init; }

    /// <summary>Ways forward of a step: its sub-networks times its batches.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Logits held at once.</summary>
    public long LogitValues { get; init; } = 1L << 24;

    /// <summary>A fixed teacher; null for none.</summary>
    public LlamaConfiguration? Teacher { get; init; }

    /// <summary>Distributions that are learned from at once: the teacher's, the largest sub-network's, their mixture.</summary>
    public int Distributions { get; init; }
}
