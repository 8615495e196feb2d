using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Pruning;

namespace NasCluster.Llama.Tests.Pruning;

/// <summary>The architecture that keeps the most important share of each kind of part, the same share in every layer.</summary>
/// <remarks>Where the training-free search of arXiv 2409.17372 starts from (section 3.2).</remarks>
internal static class TopShares
{
    /// <summary>Chooses parts. Counts are rounded to the nearest, halves up; of equally important parts the one that comes first stays.</summary>
    /// <param name="network">The whole network.</param>
    /// <param name="importance">Of it.</param>
    /// <param name="shares">How much to keep.</param>
    /// <param name="depth">How many layers to keep, by their importance as a whole; null for all.</param>
    /// <exception cref="ArgumentException">The importance is of another shape or holds no number, or a share is not in [0, 1].</exception>
    /// <exception cref="ArgumentOutOfRangeException">The depth is not in [1, layers].</exception>
    public static Architecture Of(LlamaConfiguration network, NetworkImportance importance, KeepShares shares, int? depth = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(importance);
        ArgumentNullException.ThrowIfNull(shares);
        Check(network, importance, shares);
        var layers = depth ?? network.Layers.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1, nameof(depth));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layers, network.Layers.Length, nameof(depth));
        return new Architecture([.. importance.LayerOrder.Take(layers).Order().Select(Layer)]);

        LayerArchitecture Layer(int layer)
        {
            var values = importance.Layers[layer];
            var groups = Top(values.KvGroups, shares.KvGroups, 0);

            // All pairs are named by none, so that equal architectures are equal values; and where no head is left, no pair is.
            var pairs = Top(values.HeadPairs, shares.HeadPairs, 1);
            return new LayerArchitecture(
                layer, groups, Top(values.MlpChannels, shares.MlpChannels, 0), groups.Count == 0 || pairs.Count == values.HeadPairs.Length ? null : pairs);
        }
    }

    private static ChannelSelection Top(ImmutableArray<double> values, double share, int least)
    {
        var count = Math.Max(Math.Min(least, values.Length), (int)Math.Round(share * values.Length, MidpointRounding.AwayFromZero));
        return ChannelSelection.Set([.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(count).Order()]);
    }

    private static void Check(LlamaConfiguration network, NetworkImportance importance, KeepShares shares)
    {
        if (importance.Layers.Length != network.Layers.Length || importance.Layers.Zip(network.Layers).Any(p =>
            p.First.KvGroups.Length != p.Second.KvHeadCount || p.First.MlpChannels.Length != p.Second.IntermediateSize
            || p.First.HeadPairs.Length != (p.Second.KvHeadCount > 0 ? network.HeadSize / 2 : 0)))
        {
            throw new ArgumentException("The importance is that of a network of another shape.", nameof(importance));
        }

        if (importance.Layers.Any(l => l.KvGroups.Concat(l.HeadPairs).Concat(l.MlpChannels).Append(l.Layer).Any(double.IsNaN)))
        {
            throw new ArgumentException("An importance is not a number, which has no place in an order.", nameof(importance));
        }

        (string Name, double Share)[] all =
        [
            (nameof(shares.MlpChannels), shares.MlpChannels), (nameof(shares.KvGroups), shares.KvGroups), (nameof(shares.HeadPairs), shares.HeadPairs),
        ];
        foreach (var (name, share) in all)
        {
            if (share is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"The share of {name} to keep is {share}; it must be in [0, 1].", nameof(shares));
            }
        }
    }
}
