using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;

namespace NasCluster.Pipeline.Tests;

/// <summary>An engine whose networks a test makes.</summary>
internal sealed class GivenEngine(Func<LlamaCheckpoint, ISuperNetwork> load) : ILlamaEngine
{
    public string Device => "given";

    public string Arithmetic => "given";

    public CpuEngineOptions Cpu { get; } = new();

    public SuperNetworkInfo Identify(LlamaCheckpoint checkpoint) => throw new NotSupportedException();

    public long WeightBytes(LlamaConfiguration configuration) => throw new NotSupportedException();

    public ISuperNetwork Load(LlamaCheckpoint checkpoint) => load(checkpoint);
}
