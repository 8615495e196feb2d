using System.Collections.Immutable;

namespace NasCluster.Core.Spaces;

/// <summary>In which order a network's parts are kept, as measured before a search.</summary>
/// <param name="Layers">All layers, the one to keep longest first.</param>
/// <param name="Channels">Of each layer in the network's order.</param>
public sealed record MeasuredOrders(ImmutableArray<int> Layers, ImmutableArray<ChannelOrder> Channels);
