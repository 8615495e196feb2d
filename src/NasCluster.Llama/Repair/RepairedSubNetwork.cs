using System.Collections.Immutable;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Repair;

/// <summary>A sub-network on its own, with repaired output matrices.</summary>
/// <param name="Checkpoint">Reads from the whole network, which must outlive it. Has output biases where the repair gave any.</param>
/// <param name="Layers">What was done, one entry per kept layer in order.</param>
public sealed record RepairedSubNetwork(InMemoryCheckpoint Checkpoint, ImmutableArray<LayerRepair> Layers);
