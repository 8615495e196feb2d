using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>Keys and values of one layer for sequences that go on: room for so many tokens of each, filled from the front.</summary>
internal sealed class TorchKeyValues : IDisposable
{
    /// <param name="configuration">The network.</param>
    /// <param name="layer">What is kept of the layer; it keeps attention.</param>
    /// <param name="sequences">B.</param>
    /// <param name="capacity">Tokens of each at most.</param>
    /// <param name="type">Number format.</param>
    /// <param name="device">Where.</param>
    public TorchKeyValues(LlamaConfiguration configuration, LayerArchitecture layer, int sequences, int capacity, ScalarType type, Device device)
    {
        var channels = layer.HeadPairs is { } pairs ? 2 * pairs.Count : configuration.HeadChannels(configuration.Layers[layer.SourceLayer]);
        long[] shape = [sequences, layer.KvGroups.Count, capacity, channels];
        Keys = empty(shape, type, device).DetachFromDisposeScope();
        try
        {
            Values = empty(shape, type, device).DetachFromDisposeScope();
        }
        catch
        {
            Keys.Dispose();
            throw;
        }
    }

    /// <summary>[B, G, capacity, D].</summary>
    public Tensor Keys { get; }

    /// <summary>[B, G, capacity, D].</summary>
    public Tensor Values { get; }

    public void Dispose()
    {
        Keys.Dispose();
        Values.Dispose();
    }
}
