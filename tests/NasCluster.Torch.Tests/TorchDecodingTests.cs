using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;

namespace NasCluster.Torch.Tests;

[NeedsTorch]
public sealed class TorchDecodingTests : DecodingContract
{
    // As for likelihoods: sums of float32 in an order that goes by the shape of a batch, here of logits up to some tens.
    protected override double Tolerance => 2e-4;

    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) => new TorchSuperNetwork(checkpoint);
}

[NeedsTorch]
public sealed class TorchDecodingPlainTests : DecodingContract
{
    protected override double Tolerance => 2e-4;

    protected override int Trials => 3;

    protected override ISuperNetwork Load(LlamaCheckpoint checkpoint) =>
        new TorchSuperNetwork(checkpoint, new TorchEngineOptions { Attention = TorchAttention.Plain });
}
