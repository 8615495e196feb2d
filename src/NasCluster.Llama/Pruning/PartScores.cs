using NasCluster.Core.Numerics;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Pruning;

/// <summary>Sums of a layer's parts: each row of q, k, v, gate and up and each column of o and down adds to what it belongs to.</summary>
internal sealed class PartScores(LlamaConfiguration network, LlamaLayerShape shape)
{
    public double[] KvGroups { get; } = new double[shape.KvHeadCount];

    /// <summary>Channels i and i + half of every head.</summary>
    public double[] HeadPairs { get; } = new double[shape.KvHeadCount > 0 ? network.HeadSize / 2 : 0];

    public double[] MlpChannels { get; } = new double[shape.IntermediateSize];

    /// <summary>Adds what the rows of a tensor count, or its columns.</summary>
    /// <param name="tensor">Which.</param>
    /// <param name="values">One per row of q, k, v, gate and up, one per column of o and down.</param>
    public void Add(LayerTensor tensor, ReadOnlySpan<double> values)
    {
        if (tensor is LayerTensor.GateProj or LayerTensor.UpProj or LayerTensor.DownProj)
        {
            for (var i = 0; i < values.Length; i++)
            {
                MlpChannels[i] += values[i];
            }

            return;
        }

        var heads = tensor is LayerTensor.QProj or LayerTensor.OProj ? network.QueryHeadsPerKvHead : 1;
        for (var i = 0; i < values.Length; i++)
        {
            KvGroups[i / (network.HeadSize * heads)] += values[i];
        }

        AddPairs(values);
    }

    /// <summary>The same, to rotary pairs alone.</summary>
    /// <param name="values">One per row of q, k or v, or per column of o.</param>
    public void AddPairs(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            HeadPairs[i % network.HeadSize % HeadPairs.Length] += values[i];
        }
    }

    /// <param name="divisor">Of every value.</param>
    /// <param name="layer">Of the layer as a whole; null for the sum of all its parts.</param>
    /// <param name="standardize">Whether each kind is brought to mean 0 and standard deviation 1.</param>
    public LayerImportance ToImportance(double divisor, double? layer, bool standardize = false)
    {
        var whole = layer ?? ((KvGroups.Sum() + MlpChannels.Sum()) / divisor);
        return new LayerImportance([.. Final(KvGroups)], [.. Final(HeadPairs)], [.. Final(MlpChannels)], whole);

        IEnumerable<double> Final(double[] values) => standardize ? StandardScores.Of(values) : values.Select(v => v / divisor);
    }
}
