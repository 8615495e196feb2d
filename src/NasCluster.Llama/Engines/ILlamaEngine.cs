using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Engines;

/// <summary>An engine on a device: it loads checkpoints to score them, and says before that what they will be there.</summary>
public interface ILlamaEngine
{
    /// <summary>The device's name among those of this process, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    string Device { get; }

    /// <summary>Number format, numerics version and kind of device, for whatever it loads: what scores depend on besides the network.</summary>
    string Arithmetic { get; }

    /// <summary>
    /// How the processors are used for what no engine but the CPU's computes: statistics of activations, importance and repair. It changes
    /// no bit of them.
    /// </summary>
    CpuEngineOptions Cpu { get; }

    /// <summary>What <see cref="ISuperNetwork.Info"/> will be of a checkpoint, without loading it.</summary>
    SuperNetworkInfo Identify(LlamaCheckpoint checkpoint);

    /// <summary>Bytes that the weights of a network take on the device.</summary>
    long WeightBytes(LlamaConfiguration configuration);

    /// <summary>Loads a checkpoint, which may then be disposed of.</summary>
    /// <returns>The network. The caller disposes of it.</returns>
    /// <exception cref="NasClusterException">It does not fit the device, or a weight is not finite.</exception>
    ISuperNetwork Load(LlamaCheckpoint checkpoint);
}
