namespace NasCluster.Core.Architectures;

/// <summary>One kept layer of a sub-network.</summary>
/// <param name="SourceLayer">The layer of the super-network it is, from 0.</param>
/// <param name="KvGroups">The KV groups that stay: a key/value head with all the query heads that read it. None removes the attention.</param>
/// <param name="MlpChannels">The MLP's intermediate channels that stay. None removes the MLP.</param>
public sealed record LayerArchitecture(int SourceLayer, ChannelSelection KvGroups, ChannelSelection MlpChannels);
