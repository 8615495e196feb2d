using NasCluster.Core.Architectures;

namespace NasCluster.Llama.Training;

/// <summary>A sub-network's loss on a batch: (1 - soft share) x cross-entropy + soft share x KL(target, network).</summary>
/// <param name="Architecture">The sub-network.</param>
/// <param name="Weight">Factor of its gradients, which are those of a mean over the scored tokens.</param>
/// <param name="Target">What it learns from besides the true tokens.</param>
/// <param name="SoftShare">The target's part of the loss, in [0, 1].</param>
public sealed record StepLoss(Architecture Architecture, float Weight, SoftTarget Target, float SoftShare);
