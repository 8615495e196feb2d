using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;

namespace NasCluster.Pipeline.Prepared;

/// <summary>What a stage is carried out with.</summary>
/// <param name="Checkpoint">The super-network's weights; they stay the caller's.</param>
/// <param name="Network">The same, as an engine holds it; it stays the caller's.</param>
/// <param name="Gate">The device's gate.</param>
/// <param name="Engine">What other networks are scored with.</param>
/// <param name="Time">The clock.</param>
public sealed record StageMachine(LlamaCheckpoint Checkpoint, ISuperNetwork Network, DeviceGate Gate, ILlamaEngine Engine, TimeProvider Time);
