using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Pruning;

namespace NasCluster.Llama.Training;

/// <summary>Puts the best MLP channels and KV groups of every layer first, so that a narrower sub-network keeps the best ones.</summary>
/// <remarks>
/// The network stays the same function: a channel moves with its rows of gate and up and its column of down, a group with its rows of
/// q, k and v and its columns of o. Sums over channels run in another order, so losses may differ in their last digits.
/// </remarks>
public static class ImportanceOrder
{
    /// <summary>Measures importance on calibration batches and reorders the network by it.</summary>
    /// <param name="network">Its weights are moved, and taken over.</param>
    /// <param name="batches">As in <see cref="TaylorImportance.Measure"/>.</param>
    /// <param name="cancellation">As in <see cref="TaylorImportance.Measure"/>; afterwards the network is unchanged.</param>
    /// <returns>The importance that was measured, in the order from before.</returns>
    /// <exception cref="Core.NasClusterException">As in <see cref="TaylorImportance.Measure"/>; afterwards the network is unchanged.</exception>
    public static ImmutableArray<LayerImportance> Apply(
        TrainableNetwork network, IReadOnlyList<IReadOnlyList<ScoringRequest>> batches, CancellationToken cancellation = default)
    {
        var importance = TaylorImportance.Measure(network, batches, cancellation: cancellation).Layers;
        Apply(network.Weights, importance);
        network.WeightsChanged();
        return importance;
    }

    /// <summary>Reorders the tensors of a network, or what belongs to them one by one, such as an optimiser's averages.</summary>
    /// <param name="parameters">What is moved.</param>
    /// <param name="importance">One entry per layer, the most important part with the greatest value; parts with equal values keep their order.</param>
    /// <exception cref="ArgumentException">The importance is of another shape, or a value is not a number.</exception>
    public static void Apply(ParameterSet parameters, ImmutableArray<LayerImportance> importance)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var configuration = parameters.Configuration;
        if (importance.Length != configuration.Layers.Length
            || importance.Zip(configuration.Layers).Any(p => p.First.KvGroups.Length != p.Second.KvHeadCount || p.First.MlpChannels.Length != p.Second.IntermediateSize))
        {
            throw new ArgumentException("The importance is that of a network of another shape.", nameof(importance));
        }

        if (importance.Any(l => l.KvGroups.Concat(l.MlpChannels).Any(double.IsNaN)))
        {
            throw new ArgumentException("An importance is not a number, which has no place in an order.", nameof(importance));
        }

        var head = configuration.HeadSize;
        var queries = head * configuration.QueryHeadsPerKvHead;
        for (var layer = 0; layer < importance.Length; layer++)
        {
            var groups = Falling(importance[layer].KvGroups);
            MoveRows(parameters.Layer(layer, LayerTensor.QProj), groups, queries);
            MoveRows(parameters.Layer(layer, LayerTensor.KProj), groups, head);
            MoveRows(parameters.Layer(layer, LayerTensor.VProj), groups, head);
            MoveColumns(parameters.Layer(layer, LayerTensor.OProj), groups, queries);

            var channels = Falling(importance[layer].MlpChannels);
            MoveRows(parameters.Layer(layer, LayerTensor.GateProj), channels, 1);
            MoveRows(parameters.Layer(layer, LayerTensor.UpProj), channels, 1);
            MoveColumns(parameters.Layer(layer, LayerTensor.DownProj), channels, 1);
        }
    }

    // A stable sort: ties keep their order.
    private static int[] Falling(ImmutableArray<double> values) => [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];

    private static void MoveRows(InMemoryTensor tensor, int[] order, int block)
    {
        var size = block * tensor.Columns;
        var before = tensor.Values.ToArray();
        for (var place = 0; place < order.Length; place++)
        {
            before.AsSpan(order[place] * size, size).CopyTo(tensor.Values.AsSpan(place * size, size));
        }
    }

    private static void MoveColumns(InMemoryTensor tensor, int[] order, int block)
    {
        var before = new float[tensor.Columns];
        for (var row = 0; row < tensor.Rows; row++)
        {
            var values = tensor.Values.AsSpan(row * tensor.Columns, tensor.Columns);
            values.CopyTo(before);
            for (var place = 0; place < order.Length; place++)
            {
                before.AsSpan(order[place] * block, block).CopyTo(values[(place * block)..]);
            }
        }
    }
}
