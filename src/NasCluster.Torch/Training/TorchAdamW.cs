using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>AdamW (arXiv 1711.05101), as <see cref="AdamW"/> has it.</summary>
internal sealed class TorchAdamW : TorchOptimiser
{
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;

    public TorchAdamW(TorchParameters parameters, AdamWOptions options, ulong seed)
        : base(parameters, options, seed)
    {
        _first = [.. parameters.Specs.Zip(parameters.Tensors, (s, t) => Average("adam.first.", s, t.shape))];
        _second = [.. parameters.Specs.Zip(parameters.Tensors, (s, t) => Average("adam.second.", s, t.shape))];
    }

    protected override Tensor Change(int number, Tensor gradient)
    {
        var (first, second) = (_first[number], _second[number]);
        first.mul_((float)Options.Beta1).add_(gradient, (float)(1 - Options.Beta1));
        second.mul_((float)Options.Beta2).addcmul_(gradient, gradient, (float)(1 - Options.Beta2));
        var root = (second * (float)(1 / (1 - Math.Pow(Options.Beta2, Steps)))).sqrt_().add_((float)Options.Epsilon);
        return (first * (float)(LearningRate / (1 - Math.Pow(Options.Beta1, Steps)))).div_(root);
    }
}
