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

    /// <summary>Copies a checkpoint's weights; it may then be disposed of.</summary>
    /// <exception cref="NasClusterException">A weight is not finite.</exception>
    public TorchWeights(LlamaCheckpoint checkpoint, ScalarType type, Device device)
        : this(checkpoint.Configuration, type, device)
    {
        try
        {
            foreach (var weights in TensorCatalog.Tensors(checkpoint))
            {
                Fill(Named[weights.Name], weights);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes room for a network's weights: they have whatever values are there.</summary>
    public TorchWeights(LlamaConfiguration configuration, ScalarType type, Device device)
    {
        (_type, _device) = (type, device);
        try
        {
            EmbedTokens = Room(TensorCatalog.EmbedTokens(configuration))!;
            Layers = [.. Enumerable.Range(0, configuration.Layers.Length).Select(Layer)];
            Norm = Room(TensorCatalog.Norm(configuration))!;
            LmHead = configuration.TiedEmbeddings ? EmbedTokens : Room(TensorCatalog.LmHead(configuration))!;
        }
        catch
        {
            Dispose();
            throw;
        }

        TorchLayer Layer(int index)
        {
            var room = TensorCatalog.Layer(configuration, index).Select(Room).ToArray();
            return new TorchLayer(
                Of(LayerTensor.InputLayernorm), Of(LayerTensor.QProj), Of(LayerTensor.KProj), Of(LayerTensor.VProj), Of(LayerTensor.OProj), Bias(LayerTensor.OProjBias),
                Of(LayerTensor.PostAttentionLayernorm), Of(LayerTensor.GateProj), Of(LayerTensor.UpProj), Of(LayerTensor.DownProj), Bias(LayerTensor.DownProjBias));

            Tensor? Of(LayerTensor tensor) => room[(int)tensor];

            Tensor? Bias(LayerTensor tensor) => configuration.HasOutputBiases ? Of(tensor) : null;
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
            var (mixes, hasMlp) = (layer.KvGroups.Count > 0, layer.MlpChannels.Count > 0);
            return new TorchLayer(
                mixes ? Shared(own.InputNorm!) : null,
                mixes ? Copied(TorchForward.Rows(own.Query!, layer, perGroup, channels, 0)) : null,
                mixes ? Copied(TorchForward.Rows(own.Key!, layer, 1, channels, 0)) : null,
                mixes ? Copied(TorchForward.Rows(own.Value!, layer, 1, channels, 0)) : null,
                mixes ? Copied(TorchForward.Rows(own.Output!, layer, perGroup, channels, 1)) : null,
                mixes && own.OutputBias is { } output ? Shared(output) : null,
                hasMlp ? Shared(own.MlpNorm!) : null,
                hasMlp ? Copied(TorchForward.Selected(own.Gate!, 0, layer.MlpChannels)) : null,
                hasMlp ? Copied(TorchForward.Selected(own.Up!, 0, layer.MlpChannels)) : null,
                hasMlp ? Copied(TorchForward.Selected(own.Down!, 1, layer.MlpChannels)) : null,
                hasMlp && own.DownBias is { } down ? Shared(down) : null);
        }
    }

    /// <summary>The tensors under their names in a checkpoint; none where this was cut out of others.</summary>
    public Dictionary<string, Tensor> Named { get; } = [];

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

    // Null for what belongs to a part that its layer does not have.
    private Tensor? Room(TensorSpec spec)
    {
        if (!spec.IsStored)
        {
            return null;
        }

        var room = spec.IsVector ? empty([spec.Columns], _type, _device) : empty([spec.Rows, spec.Columns], _type, _device);
        _all.Add(room);
        Named.Add(spec.Name, room);
        return room;
    }

    private static void Fill(Tensor room, WeightTensor weights)
    {
        var (rows, columns) = (weights.Rows, weights.Columns);
        using var target = room.view(rows, columns);
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
            place.copy_(shaped);
        }
    }
}

/// <summary>
/// One layer's weights on a device, as in <see cref="LlamaLayerWeights"/>; norms and biases are vectors. The first six are null where the
/// layer has no attention, the others where it has no MLP; and biases where the network has none.
/// </summary>
internal sealed record TorchLayer(
    Tensor? InputNorm, Tensor? Query, Tensor? Key, Tensor? Value, Tensor? Output, Tensor? OutputBias,
    Tensor? MlpNorm, Tensor? Gate, Tensor? Up, Tensor? Down, Tensor? DownBias);
