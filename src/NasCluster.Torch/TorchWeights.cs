using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>A network's weights on a device.</summary>
/// <remarks>Read tensor by tensor in portions of rows, so that the host never holds more than a portion besides what it has mapped.</remarks>
internal sealed class TorchWeights : IDisposable
{
    /// <summary>Values copied to the device at once: 16 MiB of float32.</summary>
    private const int Portion = 1 << 22;

    private readonly List<Tensor> _all = [];
    private readonly ScalarType _type;
    private readonly Device _device;

    /// <exception cref="NasClusterException">A weight is not finite.</exception>
    public TorchWeights(LlamaCheckpoint checkpoint, ScalarType type, Device device)
    {
        (_type, _device) = (type, device);
        try
        {
            EmbedTokens = Read(checkpoint.EmbedTokens);
            LmHead = ReferenceEquals(checkpoint.LmHead, checkpoint.EmbedTokens) ? EmbedTokens : Read(checkpoint.LmHead);
            Norm = Vector(checkpoint.Norm);
            Layers = [.. checkpoint.Layers.Select(l => new TorchLayer(
                Vector(l.InputLayernorm), Read(l.QProj), Read(l.KProj), Read(l.VProj), Read(l.OProj), l.OProjBias is null ? null : Vector(l.OProjBias),
                Vector(l.PostAttentionLayernorm), Read(l.GateProj), Read(l.UpProj), Read(l.DownProj), l.DownProjBias is null ? null : Vector(l.DownProjBias)))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Cuts a sub-network out of weights that are on the device: the matrices it keeps of its layers are copied, the rest is shared.</summary>
    /// <param name="whole">The weights; they may be disposed of before these.</param>
    /// <param name="configuration">The whole network's shape.</param>
    /// <param name="architecture">What stays.</param>
    public TorchWeights(TorchWeights whole, LlamaConfiguration configuration, Architecture architecture)
    {
        (_type, _device) = (whole._type, whole._device);
        using var scope = NewDisposeScope();
        try
        {
            EmbedTokens = Shared(whole.EmbedTokens);
            LmHead = ReferenceEquals(whole.LmHead, whole.EmbedTokens) ? EmbedTokens : Shared(whole.LmHead);
            Norm = Shared(whole.Norm);
            Layers = [.. architecture.Layers.Select(Cut)];
        }
        catch
        {
            Dispose();
            throw;
        }

        TorchLayer Cut(LayerArchitecture layer)
        {
            var own = whole.Layers[layer.SourceLayer];
            var (perGroup, channels) = (configuration.QueryHeadsPerKvHead, configuration.HeadChannels(configuration.Layers[layer.SourceLayer]));
            return new TorchLayer(
                Shared(own.InputNorm),
                Copied(TorchForward.Rows(own.Query, layer, perGroup, channels, 0)),
                Copied(TorchForward.Rows(own.Key, layer, 1, channels, 0)),
                Copied(TorchForward.Rows(own.Value, layer, 1, channels, 0)),
                Copied(TorchForward.Rows(own.Output, layer, perGroup, channels, 1)),
                layer.KvGroups.Count > 0 && own.OutputBias is { } output ? Shared(output) : null,
                Shared(own.MlpNorm),
                Copied(TorchForward.Selected(own.Gate, 0, layer.MlpChannels)),
                Copied(TorchForward.Selected(own.Up, 0, layer.MlpChannels)),
                Copied(TorchForward.Selected(own.Down, 1, layer.MlpChannels)),
                layer.MlpChannels.Count > 0 && own.DownBias is { } down ? Shared(down) : null);
        }
    }

    /// <summary>[vocabulary, hidden].</summary>
    public Tensor EmbedTokens { get; }

    /// <summary>[vocabulary, hidden]; the very object <see cref="EmbedTokens"/> when tied.</summary>
    public Tensor LmHead { get; }

    /// <summary>[hidden].</summary>
    public Tensor Norm { get; }

    /// <summary>The layers.</summary>
    public ImmutableArray<TorchLayer> Layers { get; }

    public void Dispose()
    {
        _all.ForEach(t => t.Dispose());
        _all.Clear();
    }

    /// <summary>Bytes of a value.</summary>
    public static int BytesOf(TorchPrecision precision) => precision == TorchPrecision.Float32 ? sizeof(float) : sizeof(ushort);

    private Tensor Shared(Tensor tensor)
    {
        var alias = tensor.alias().DetachFromDisposeScope();
        _all.Add(alias);
        return alias;
    }

    private Tensor Copied(Tensor view)
    {
        // A view may have the whole matrix's strides, so its values are laid out anew.
        var copy = empty(view.shape, _type, _device).DetachFromDisposeScope();
        _all.Add(copy);
        copy.copy_(view);
        return copy;
    }

    private Tensor Vector(WeightTensor weights)
    {
        var matrix = Read(weights);
        var vector = matrix.view(-1);
        _all.Add(vector);
        return vector;
    }

    private Tensor Read(WeightTensor weights)
    {
        var (rows, columns) = (weights.Rows, weights.Columns);
        var target = empty([rows, columns], _type, _device);
        _all.Add(target);
        var step = Math.Max(1, Portion / Math.Max(1, columns));
        var buffer = new float[Math.Min(rows, step) * columns];
        for (var first = 0; first < rows && columns > 0; first += step)
        {
            var count = Math.Min(step, rows - first);
            for (var i = 0; i < count; i++)
            {
                var row = buffer.AsSpan(i * columns, columns);
                weights.ReadRow(first + i, row);
                foreach (var value in row)
                {
                    if (!float.IsFinite(value))
                    {
                        throw new NasClusterException($"{weights.Name} holds {value} in row {first + i}; weights must be finite.");
                    }
                }
            }

            using var portion = tensor(count * columns == buffer.Length ? buffer : buffer[..(count * columns)]);
            using var shaped = portion.view(count, columns);
            using var place = target.narrow(0, first, count);
            place.copy_(shaped).Dispose();
        }

        return target;
    }
}

/// <summary>One layer's weights on a device, as in <see cref="LlamaLayerWeights"/>; norms and biases are vectors.</summary>
internal sealed record TorchLayer(
    Tensor InputNorm, Tensor Query, Tensor Key, Tensor Value, Tensor Output, Tensor? OutputBias,
    Tensor MlpNorm, Tensor Gate, Tensor Up, Tensor Down, Tensor? DownBias);
