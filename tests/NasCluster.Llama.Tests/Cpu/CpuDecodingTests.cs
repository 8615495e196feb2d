using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Cpu;

public sealed class CpuDecodingTests : DecodingContract
{
    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) => new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
}

public sealed class CpuDecodingNarrowVectorsTests : DecodingContract
{
    protected override int Trials => 3;

    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) =>
        new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 3, VectorPath = VectorPath.Vector256 });
}

public sealed class CpuDecodingScalarTests : DecodingContract
{
    protected override int Trials => 2;

    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) =>
        new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1, VectorPath = VectorPath.Scalar });
}
