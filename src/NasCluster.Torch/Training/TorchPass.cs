using NasCluster.Core.Architectures;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>What a pass forward keeps for the way back.</summary>
internal enum Kept
{
    /// <summary>Nothing: there is no way back.</summary>
    Nothing,

    /// <summary>The input of each layer, from which the rest is computed again (Chen et al., arXiv 1604.06174).</summary>
    Inputs,

    /// <summary>All that autograd asks for.</summary>
    Everything,
}

/// <summary>A sub-network's way forward on a batch, and layer by layer back.</summary>
/// <remarks>
/// Every layer is a graph of its own from a detached input, whatever is kept, so the way back may stop between any two layers: that is where
/// a fused optimiser changes the weights of the one above and drops their gradients.
/// </remarks>
internal sealed class TorchPass : IDisposable
{
    private readonly TorchForward _forward;
    private readonly TorchParameters _parameters;
    private readonly Tensor[] _inputs;
    private readonly Tensor?[] _outputs;
    private Tensor? _top;
    private Tensor? _gradient;
    private int _next;

    /// <summary>Goes forward.</summary>
    public TorchPass(TorchForward forward, TorchParameters parameters, Architecture architecture, TorchBatch batch, Kept kept)
    {
        (_forward, _parameters, Architecture, Batch) = (forward, parameters, architecture, batch);
        var layers = architecture.Layers;
        (_inputs, _outputs) = (kept == Kept.Nothing ? [] : new Tensor[layers.Length], new Tensor?[layers.Length]);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var x = forward.Embed(batch.Tokens).DetachFromDisposeScope();
        for (var i = 0; i < layers.Length; i++)
        {
            var input = x;
            if (kept == Kept.Everything)
            {
                input.requires_grad = true;
                using var graph = enable_grad();
                var output = forward.Layer(input, layers[i]).DetachFromDisposeScope();
                _outputs[i] = output;
                x = output.detach().DetachFromDisposeScope();
            }
            else
            {
                x = forward.Layer(input, layers[i]).DetachFromDisposeScope();
            }

            if (kept == Kept.Nothing)
            {
                input.Dispose();
            }
            else
            {
                _inputs[i] = input;
            }
        }

        Last = x;
    }

    public Architecture Architecture { get; }

    public TorchBatch Batch { get; }

    /// <summary>The residual stream after the last layer: [sequences, length, C].</summary>
    public Tensor Last { get; }

    /// <summary>Begins the way back, or begins it again.</summary>
    /// <param name="top">The gradient by <see cref="Last"/>; null for the one given before.</param>
    public void Begin(Tensor? top)
    {
        if (top is not null)
        {
            _top?.Dispose();
            _top = top.DetachFromDisposeScope();
        }

        _gradient?.Dispose();
        _gradient = _top!.alias().DetachFromDisposeScope();
        _next = Architecture.Layers.Length - 1;
    }

    /// <summary>Goes back through a layer of the network, if it is the sub-network's next one.</summary>
    public void Back(int sourceLayer, TorchGradients gradients)
    {
        if (_next < 0 || Architecture.Layers[_next].SourceLayer != sourceLayer)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var layer = Architecture.Layers[_next];
        var used = _parameters.Used(layer);
        var (input, output) = (_inputs[_next], _outputs[_next]);
        if (output is null)
        {
            using var graph = enable_grad();
            input = input.detach();
            input.requires_grad = true;
            output = _forward.Layer(input, layer);
        }

        var found = autograd.grad([output], [input, .. used.Select(n => _parameters.Tensors[n])], [_gradient!]);
        for (var i = 0; i < used.Length; i++)
        {
            gradients.Add(used[i], found[i + 1]);
        }

        _gradient!.Dispose();
        _gradient = found[0].DetachFromDisposeScope();
        _outputs[_next]?.Dispose();
        _outputs[_next] = null;
        _next--;
    }

    /// <summary>Ends the way back at the embedding.</summary>
    public void End(TorchGradients gradients)
    {
        using var scope = NewDisposeScope();
        gradients.AddRows(_parameters.Embedding, Batch.Tokens.view(-1), _gradient!.reshape(-1, _gradient!.shape[2]));
    }

    public void Dispose()
    {
        Last.Dispose();
        foreach (var tensor in _inputs.Concat(_outputs).Append(_top).Append(_gradient))
        {
            tensor?.Dispose();
        }
    }
}
