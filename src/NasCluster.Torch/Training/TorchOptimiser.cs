using NasCluster.Core.Randomness;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Changes weights, tensor by tensor in any order: what lets the way back and the step be one.</summary>
/// <remarks>Computed in float32; weights of fewer bits take the result by <see cref="StochasticRounding"/>. Weight decay is AdamW's, of matrices only.</remarks>
internal abstract class TorchOptimiser(TorchParameters parameters, AdamWOptions options, ulong seed) : IDisposable
{
    private readonly Dictionary<string, Tensor> _averages = [];
    private float _scale;

    /// <summary>Steps begun.</summary>
    public long Steps { get; private set; }

    /// <summary>Its averages by name, which lie on the device.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Averages => _averages;

    protected double LearningRate { get; private set; }

    protected AdamWOptions Options => options;

    protected TorchParameters Parameters => parameters;

    public static TorchOptimiser Create(TrainingOptimiser kind, TorchParameters parameters, TrainingRunOptions options) => kind switch
    {
        TrainingOptimiser.AdamW => new TorchAdamW(parameters, options.AdamW, options.Seed),
        TrainingOptimiser.Factored => new TorchFactored(parameters, options.AdamW, options.Seed),
        TrainingOptimiser.Lomo => new TorchDescent(parameters, options.AdamW, options.Seed),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown optimiser."),
    };

    /// <summary>Goes on after a number of steps, whose averages the caller has put into <see cref="Averages"/>.</summary>
    public void ResumeAt(long steps) => Steps = steps;

    /// <summary>Begins a step.</summary>
    public void Begin(double learningRate, float gradientScale)
    {
        Steps++;
        (LearningRate, _scale) = (learningRate, gradientScale);
    }

    /// <summary>Takes a weight's part of the step.</summary>
    /// <param name="number">The weight.</param>
    /// <param name="gradient">In float32, scaled in place; null where it is zero.</param>
    public void Update(int number, Tensor? gradient)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var weight = parameters.Tensors[number];
        var scaled = gradient?.mul_(_scale) ?? zeros_like(weight, float32);
        var value = weight.to(float32);
        if (weight.shape is [> 1, _])
        {
            value.mul_((float)(1 - (LearningRate * options.WeightDecay)));
        }

        value.sub_(Change(number, scaled));
        if (weight.dtype != float32)
        {
            StochasticRounding.Copy(weight, value, new SplitMix64(seed ^ new SplitMix64(((ulong)Steps << 20) + (ulong)number).Next()).Next());
        }
    }

    public void Dispose()
    {
        foreach (var average in _averages.Values)
        {
            average.Dispose();
        }
    }

    /// <summary>What a weight loses in this step.</summary>
    protected abstract Tensor Change(int number, Tensor gradient);

    /// <summary>Makes an average, all zero.</summary>
    protected Tensor Average(string prefix, TensorSpec weight, params long[] shape) =>
        _averages[prefix + weight.Name] = zeros(shape, float32, parameters.Tensors[0].device).DetachFromDisposeScope();
}
