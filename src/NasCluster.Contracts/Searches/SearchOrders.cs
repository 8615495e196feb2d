using System.Collections.Immutable;
using NasCluster.Core.Spaces;

namespace NasCluster.Contracts.Searches;

/// <summary>In which order a network's parts are kept, as the stages before a search have measured; without it genomes cannot be read.</summary>
/// <param name="Layers">All layers, the one to keep longest first.</param>
/// <param name="KvGroups">Of each layer.</param>
/// <param name="HeadPairs">Of each layer.</param>
/// <param name="MlpChannels">Of each layer.</param>
[GenerateSerializer, Immutable]
public sealed record SearchOrders(
    [property: Id(0)] ImmutableArray<int> Layers,
    [property: Id(1)] ImmutableArray<ImmutableArray<int>> KvGroups,
    [property: Id(2)] ImmutableArray<ImmutableArray<int>> HeadPairs,
    [property: Id(3)] ImmutableArray<ImmutableArray<int>> MlpChannels)
{
    /// <summary>As they cross the wire.</summary>
    public static SearchOrders From(MeasuredOrders orders)
    {
        ArgumentNullException.ThrowIfNull(orders);
        return new(
            orders.Layers, [.. orders.Channels.Select(c => c.KvGroups)], [.. orders.Channels.Select(c => c.HeadPairs)], [.. orders.Channels.Select(c => c.MlpChannels)]);
    }

    /// <summary>As spaces take them.</summary>
    public MeasuredOrders ToMeasured() => new(
        Layers, [.. KvGroups.Select((groups, layer) => new ChannelOrder(groups, HeadPairs[layer], MlpChannels[layer]))]);
}
