using System.Collections.Immutable;
using NasCluster.Core;
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
