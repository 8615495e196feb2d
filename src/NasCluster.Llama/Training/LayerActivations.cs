using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>What a layer's backward pass needs of its forward pass, apart from the layer's input. The backward pass uses it up.</summary>
internal sealed unsafe class LayerActivations : IDisposable
{
    private readonly BufferPool _pool;
    private readonly AlignedBuffer _buffer;

    public LayerActivations(TrainingShape shape, BufferPool pool)
    {
        _pool = pool;
        _buffer = pool.Rent(shape.Panels * ((3 * shape.Hidden) + (2 * shape.Query) + (2 * shape.Key) + (3 * shape.Mlp)));
        var next = _buffer.Data;
        AttentionInput = Take(shape.Hidden);
        Queries = Take(shape.Query);
        Keys = Take(shape.Key);
        Values = Take(shape.Key);
        Mixed = Take(shape.Query);
        Middle = Take(shape.Hidden);
        MlpInput = Take(shape.Hidden);
        Gate = Take(shape.Mlp);
        Up = Take(shape.Mlp);
        Gated = Take(shape.Mlp);

        float* Take(nint stride)
        {
            var start = next;
            next += shape.Panels * stride;
            return start;
        }
    }

    /// <summary>The normalized input of the attention [hidden].</summary>
    public float* AttentionInput { get; }

    /// <summary>Rotated and scaled for powers of 2 [query rows].</summary>
    public float* Queries { get; }

    /// <summary>Rotated [key rows].</summary>
    public float* Keys { get; }

    /// <summary>[key rows].</summary>
    public float* Values { get; }

    /// <summary>Values weighted by attention [query rows].</summary>
    public float* Mixed { get; }

    /// <summary>The residual stream between attention and MLP [hidden].</summary>
    public float* Middle { get; }

    /// <summary>The normalized input of the MLP [hidden].</summary>
    public float* MlpInput { get; }

    /// <summary>Before its activation function [MLP channels].</summary>
    public float* Gate { get; }

    /// <summary>[MLP channels].</summary>
    public float* Up { get; }

    /// <summary>silu(gate) x up [MLP channels].</summary>
    public float* Gated { get; }

    public void Dispose() => _pool.Return(_buffer);
}
