using NasCluster.Llama.Training;

namespace NasCluster.Torch.Training;

/// <summary>How the Torch engine trains.</summary>
public sealed record TorchTrainingOptions
{
    /// <summary>Where, in which number format, and how many logits are held at once. Float16 is not trained: its gradients would need a scale.</summary>
    public TorchEngineOptions Engine { get; init; } = new();

    /// <summary>How weights are changed.</summary>
    public TrainingOptimiser Optimiser { get; init; }

    /// <summary>Keeps only the input of each layer and computes the rest again on the way back; fused optimisers do so always.</summary>
    public bool Recompute { get; init; }

    /// <summary>Whether weights are changed on the way back, layer by layer, so that all gradients are never there at once.</summary>
    internal bool IsFused => Optimiser != TrainingOptimiser.AdamW;
}
