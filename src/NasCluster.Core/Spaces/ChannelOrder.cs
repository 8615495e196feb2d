using System.Collections.Immutable;

namespace NasCluster.Core.Spaces;

/// <summary>In which order a layer's parts are kept, the one to keep longest first. An empty list is the order of the weights.</summary>
/// <param name="KvGroups">All KV groups of the layer, each once.</param>
/// <param name="HeadPairs">All rotary pairs of the layer's heads, each once.</param>
/// <param name="MlpChannels">All MLP channels of the layer, each once.</param>
public sealed record ChannelOrder(ImmutableArray<int> KvGroups, ImmutableArray<int> HeadPairs, ImmutableArray<int> MlpChannels)
{
    /// <summary>The order of the weights in everything.</summary>
    public static ChannelOrder OfWeights { get; } = new([], [], []);

    /// <summary>The places of values from the greatest down; of equal ones the first first.</summary>
    public static ImmutableArray<int> Falling(ImmutableArray<double> values) => [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];
}
