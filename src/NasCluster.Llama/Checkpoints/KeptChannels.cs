using NasCluster.Core.Architectures;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Which rows (or columns) of its matrices a choice among a layer's parts keeps, in ascending order.</summary>
internal static class KeptChannels
{
    /// <summary>Channels of the heads of some KV groups: the groups in order, a group's heads, and of each the first and then the second half of its pairs.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="headsPerGroup">Heads that a group has in this matrix: 1 in keys and values.</param>
    /// <param name="pairs">Which pairs of each head; null for all.</param>
    /// <param name="headChannels">Channels of a head in this matrix: pair i is channels i and i + half of them.</param>
    public static int[] OfHeads(ChannelSelection groups, int headsPerGroup, ChannelSelection? pairs, int headChannels)
    {
        var half = headChannels / 2;
        var kept = pairs ?? ChannelSelection.Leading(half);
        var result = new int[groups.Count * headsPerGroup * 2 * kept.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var (head, channel) = Math.DivRem(i, 2 * kept.Count);
            var sourceHead = (groups[head / headsPerGroup] * headsPerGroup) + (head % headsPerGroup);
            result[i] = (sourceHead * headChannels) + (channel < kept.Count ? kept[channel] : half + kept[channel - kept.Count]);
        }

        return result;
    }

    /// <summary>The channels of a selection.</summary>
    public static int[] Of(ChannelSelection channels)
    {
        var result = new int[channels.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = channels[i];
        }

        return result;
    }
}
