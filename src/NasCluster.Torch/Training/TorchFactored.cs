using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Adafactor (arXiv 1804.04235, Algorithms 4 and 5) without a first moment and with the run's own learning rates instead of relative ones.</summary>
internal sealed class TorchFactored : TorchOptimiser
{
    // The paper's: what is added to a squared gradient, the power by which the average's memory grows, and the longest root mean square of a change.
    private const double Epsilon = 1e-30;
    private const double Memory = -0.8;
    private const double LongestChange = 1;

    // A matrix has two averages, of its rows and of its columns; a vector has one.
    private readonly Tensor[][] _averages;

    public TorchFactored(TorchParameters parameters, AdamWOptions options, ulong seed)
        : base(parameters, options, seed) =>
        _averages = [.. parameters.Specs.Zip(parameters.Tensors, (s, t) => t.shape is [var rows, var columns]
            ? new[] { Average("factored.rows.", s, rows, 1), Average("factored.columns.", s, 1, columns) }
            : [Average("factored.squares.", s, t.shape)])];

    protected override Tensor Change(int number, Tensor gradient)
    {
        var keep = 1 - Math.Pow(Steps, Memory);
        var squares = gradient.square().add_(Epsilon);
        Tensor root;
        if (_averages[number] is [var rows, var columns])
        {
            rows.mul_(keep).add_(squares.mean([1], keepdim: true), 1 - keep);
            columns.mul_(keep).add_(squares.mean([0], keepdim: true), 1 - keep);
            root = (rows / rows.mean()).sqrt_() * columns.sqrt();
        }
        else
        {
            root = _averages[number][0].mul_(keep).add_(squares, 1 - keep).sqrt();
        }

        var change = gradient.div(root);
        return change.mul_(LearningRate / Math.Max(1, change.square().mean().sqrt().item<float>() / LongestChange));
    }
}
