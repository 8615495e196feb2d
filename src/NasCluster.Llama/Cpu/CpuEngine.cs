using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;

namespace NasCluster.Llama.Cpu;

/// <summary>The managed CPU engine as hosts choose it; its networks are <see cref="CpuSuperNetwork"/>.</summary>
/// <param name="options">How to use the machine; by default all of it.</param>
/// <param name="device">Its name, where a process has several, each with some of the threads.</param>
public sealed class CpuEngine(CpuEngineOptions? options = null, string device = "cpu") : ILlamaEngine
{
    /// <inheritdoc/>
    public string Device => device;

    /// <inheritdoc/>
    public string Arithmetic => CpuSuperNetwork.Arithmetic;

    /// <inheritdoc/>
    public CpuEngineOptions Cpu { get; } = options ?? new CpuEngineOptions();

    /// <inheritdoc/>
    public SuperNetworkInfo Identify(LlamaCheckpoint checkpoint) => CpuSuperNetwork.Identify(checkpoint);

    /// <inheritdoc/>
    /// <remarks>Every weight once, in float32.</remarks>
    public long WeightBytes(LlamaConfiguration configuration) => TensorCatalog.Values(configuration) * sizeof(float);

    /// <inheritdoc/>
    public ISuperNetwork Load(LlamaCheckpoint checkpoint) => new CpuSuperNetwork(checkpoint, Cpu);
}
