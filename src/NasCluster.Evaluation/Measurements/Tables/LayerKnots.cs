using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>The layer options that a table has times of. What lies between two of them is interpolated, what lies outside is refused.</summary>
/// <remarks>
/// <para>
/// A layer's MLP runs after its attention, so its time is the sum of two; each is a piecewise linear function, of KV groups and
/// rotary pairs the one (bilinear), of MLP channels the other. A network's time is then linear in the times at the knots: the sum over
/// its layers, and once the rest (embedding, last norm, head). A part that a layer does not have takes no time.
/// </para>
/// <para>
/// Layers are not quite independent: what fits a cache together is read from there in every call, and what does not fit is read from memory.
/// Hence the sizes: each weight of the layers beyond one of them takes some time more than those before.
/// </para>
/// </remarks>
/// <param name="KvGroups">Counts of KV groups, strictly ascending from 1; none where no layer has attention.</param>
/// <param name="HeadPairs">Counts of rotary pairs that each head has, strictly ascending from 1; none where no layer has attention.</param>
/// <param name="MlpChannels">Counts of MLP channels, strictly ascending from 1; none where no layer has an MLP.</param>
/// <param name="Sizes">Counts of weights in the layers together, strictly ascending from 1, beyond which each takes more time.</param>
public sealed record LayerKnots(ImmutableArray<int> KvGroups, ImmutableArray<int> HeadPairs, ImmutableArray<int> MlpChannels, ImmutableArray<long> Sizes)
{
    private const double Million = 1e6;

    /// <summary>How many attention options there are: KV groups by pairs, pairs fastest.</summary>
    [JsonIgnore]
    public int AttentionCount => KvGroups.Length * HeadPairs.Length;

    /// <summary>How many times a network's time is the sum of: the rest, attention options, MLP options, and a million weights beyond each size.</summary>
    [JsonIgnore]
    public int Count => 1 + AttentionCount + MlpChannels.Length + Sizes.Length;

    /// <summary>How often each of the times is in the time of a network: a row of <see cref="Count"/> weights.</summary>
    /// <param name="shape">The network.</param>
    /// <exception cref="NasClusterException">A layer lies outside the knots; the message names it and the bounds.</exception>
    public double[] Weights(LlamaConfiguration shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var weights = new double[Count];
        weights[0] = 1;
        for (var i = 0; i < shape.Layers.Length; i++)
        {
            var layer = shape.Layers[i];
            if (layer.KvHeadCount > 0)
            {
                var groups = Place(KvGroups, layer.KvHeadCount, i, "KV groups");
                var pairs = Place(HeadPairs, shape.HeadChannels(layer) / 2, i, "rotary pairs in a head");
                foreach (var (group, groupShare) in groups.Knots)
                {
                    foreach (var (pair, pairShare) in pairs.Knots)
                    {
                        weights[1 + (group * HeadPairs.Length) + pair] += groupShare * pairShare;
                    }
                }
            }

            if (layer.IntermediateSize > 0)
            {
                foreach (var (knot, share) in Place(MlpChannels, layer.IntermediateSize, i, "MLP channels").Knots)
                {
                    weights[1 + AttentionCount + knot] += share;
                }
            }
        }

        var size = CostModel.BlockParameters(shape);
        for (var i = 0; i < Sizes.Length; i++)
        {
            weights[1 + AttentionCount + MlpChannels.Length + i] = Math.Max(0, size - Sizes[i]) / Million;
        }

        return weights;
    }

    private static Interpolation Place(ImmutableArray<int> knots, int count, int layer, string what)
    {
        if (knots.IsEmpty || count < knots[0] || count > knots[^1])
        {
            throw new NasClusterException(knots.IsEmpty
                ? $"Layer {layer} has {count} {what}; the latency table is of networks without any."
                : $"Layer {layer} has {count} {what}; the latency table is of {knots[0]} to {knots[^1]}.");
        }

        var above = knots.BinarySearch(count);
        if (above >= 0)
        {
            return new Interpolation([(above, 1)]);
        }

        above = ~above;
        var share = (double)(count - knots[above - 1]) / (knots[above] - knots[above - 1]);
        return new Interpolation([(above - 1, 1 - share), (above, share)]);
    }

    /// <inheritdoc/>
    public bool Equals(LayerKnots? other) =>
        other is not null && KvGroups.AsSpan().SequenceEqual(other.KvGroups.AsSpan()) && HeadPairs.AsSpan().SequenceEqual(other.HeadPairs.AsSpan())
        && MlpChannels.AsSpan().SequenceEqual(other.MlpChannels.AsSpan()) && Sizes.AsSpan().SequenceEqual(other.Sizes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(KvGroups.Length, HeadPairs.Length, MlpChannels.Length);

    private readonly record struct Interpolation((int Knot, double Share)[] Knots);
}
