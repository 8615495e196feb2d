using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>A gradient by weights to compute: accumulator [n, k] += sum over tokens of gradient [n] x input [k].</summary>
/// <param name="gradient">By the outputs, n.</param>
/// <param name="input">Inputs, k.</param>
/// <param name="accumulator">[at least n, at least k]; the rest is not touched.</param>
internal sealed class WeightProduct(PanelView gradient, TokenMajor input, InMemoryTensor accumulator)
{
    public PanelView Gradient { get; } = gradient;

    public TokenMajor Input { get; } = input;

    public InMemoryTensor Accumulator { get; } = accumulator;
}
