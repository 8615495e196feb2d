using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Torch.Tests;

[NeedsTorch]
public sealed class TorchSuperNetworkTests : SuperNetworkContract
{
    // Sums of float32 in an order that goes by the shape of a batch: some 1e-7 a product, over at most 172 channels and 4 layers.
    protected override double Tolerance => 5e-5;

    protected override double ReferenceTolerance => 1e-4;

    protected override bool FingerprintsExtracts => false;

    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) => new TorchSuperNetwork(checkpoint);
}

[NeedsTorch]
public sealed class TorchSuperNetworkPlainTests : SuperNetworkContract
{
    protected override double Tolerance => 5e-5;

    protected override double ReferenceTolerance => 1e-4;

    protected override bool FingerprintsExtracts => false;

    protected override int Trials => 3;

    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) =>
        new TorchSuperNetwork(checkpoint, new TorchEngineOptions { Attention = TorchAttention.Plain, BatchTokens = 50, LogitValues = 900 });
}
