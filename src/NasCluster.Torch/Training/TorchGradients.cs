using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Sums of gradients in float32 by a network's weights, each there from the first that is added until it is dropped.</summary>
internal sealed class TorchGradients(TorchParameters parameters) : IDisposable
{
    private readonly Tensor?[] _sums = new Tensor?[parameters.Tensors.Length];

    /// <summary>A weight's sum; null where none was added: it is zero.</summary>
    public Tensor? this[int number] => _sums[number];

    /// <summary>Adds a gradient, which may be of another number format.</summary>
    public void Add(int number, Tensor gradient)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        if (_sums[number] is { } sum)
        {
            sum.add_(gradient.to(float32));
        }
        else
        {
            // A copy also of what is in float32: the library may share a gradient's memory with another's.
            _sums[number] = gradient.to(float32, copy: true).DetachFromDisposeScope();
        }
    }

    /// <summary>Adds gradients by the rows of the embedding that tokens took: [tokens, C] each to its token's row.</summary>
    public void AddRows(int number, Tensor tokens, Tensor gradients)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var sum = _sums[number] ??= zeros_like(parameters.Tensors[number], float32).DetachFromDisposeScope();
        sum.index_add_(0, tokens, gradients.to(float32), 1);
    }

    /// <summary>Frees a sum.</summary>
    public void Drop(int number)
    {
        _sums[number]?.Dispose();
        _sums[number] = null;
    }

    /// <summary>Frees all sums: they are zero again.</summary>
    public void Clear()
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            Drop(i);
        }
    }

    public void Dispose() => Clear();
}
