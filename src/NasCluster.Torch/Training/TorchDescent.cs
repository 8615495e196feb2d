using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Plain gradient descent, which has nothing to remember.</summary>
internal sealed class TorchDescent(TorchParameters parameters, AdamWOptions options, ulong seed) : TorchOptimiser(parameters, options, seed)
{
    protected override Tensor Change(int number, Tensor gradient) => gradient.mul_((float)LearningRate);
}
