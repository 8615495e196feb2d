using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>Measures how much a loss depends on each MLP channel and each KV group of a network.</summary>
/// <remarks>
/// First-order Taylor importance (Molchanov et al., arXiv 1906.10771): the mean over batches of the sum of (g w)^2 over all weights w of
/// the part, g being the gradient of the batch's loss by w. Of the two ways to join the weights of a part, the sum of squares and not the
/// square of the sum: on stories260K the better two of four groups then kept a loss of 2.35 nats on average over calibration sets, not
/// 2.57 (two at random: 2.53), and hardly depended on the size of the batches, within which effects of unlike sign cancel.
/// </remarks>
public static class Importance
{
    /// <summary>Importance of every part of every layer, in squared nats; the same whatever the number of threads.</summary>
    /// <param name="network">The whole network; its weights are not changed.</param>
    /// <param name="batches">At least one, each of at least one sequence.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    /// <exception cref="NasClusterException">The loss of a batch is not a finite number, or a sequence does not fit the network.</exception>
    public static ImmutableArray<LayerImportance> Measure(
        TrainableNetwork network, IReadOnlyList<IReadOnlyList<ScoringRequest>> batches, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfZero(batches.Count, nameof(batches));
        var configuration = network.Configuration;
        var gradients = ParameterSet.Zero(configuration);
        var sums = configuration.Layers.Select(l => (Groups: new double[l.KvHeadCount], Channels: new double[l.IntermediateSize])).ToArray();
        for (var batch = 0; batch < batches.Count; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            gradients.Clear();
            var loss = network.LossAndGradients(configuration.FullArchitecture, batches[batch], gradients);
            if (!double.IsFinite(loss))
            {
                throw new NasClusterException($"The loss of calibration batch {batch} is {loss}; it must be finite for importance to mean anything.");
            }

            for (var layer = 0; layer < sums.Length; layer++)
            {
                AddRows(sums[layer].Groups, layer, LayerTensor.QProj);
                AddRows(sums[layer].Groups, layer, LayerTensor.KProj);
                AddRows(sums[layer].Groups, layer, LayerTensor.VProj);
                AddColumns(sums[layer].Groups, layer, LayerTensor.OProj);
                AddRows(sums[layer].Channels, layer, LayerTensor.GateProj);
                AddRows(sums[layer].Channels, layer, LayerTensor.UpProj);
                AddColumns(sums[layer].Channels, layer, LayerTensor.DownProj);
            }
        }

        return [.. sums.Select(s => new LayerImportance([.. s.Groups.Select(v => v / batches.Count)], [.. s.Channels.Select(v => v / batches.Count)]))];

        void AddRows(double[] parts, int layer, LayerTensor tensor)
        {
            var (weights, slopes) = (network.Weights.Layer(layer, tensor), gradients.Layer(layer, tensor));
            for (var part = 0; part < parts.Length; part++)
            {
                // Rows lie one behind the other, so those of a part are one stretch.
                var size = weights.Values.Length / parts.Length;
                parts[part] += SumOfSquares(weights, slopes, part * size, size);
            }
        }

        void AddColumns(double[] parts, int layer, LayerTensor tensor)
        {
            var (weights, slopes) = (network.Weights.Layer(layer, tensor), gradients.Layer(layer, tensor));
            for (var row = 0; row < weights.Rows; row++)
            {
                for (var part = 0; part < parts.Length; part++)
                {
                    var size = weights.Columns / parts.Length;
                    parts[part] += SumOfSquares(weights, slopes, (row * weights.Columns) + (part * size), size);
                }
            }
        }
    }

    private static double SumOfSquares(InMemoryTensor weights, InMemoryTensor gradients, int first, int count)
    {
        var sum = 0.0;
        for (var i = first; i < first + count; i++)
        {
            var effect = (double)weights.Values[i] * gradients.Values[i];
            sum += effect * effect;
        }

        return sum;
    }
}
