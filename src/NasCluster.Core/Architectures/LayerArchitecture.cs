namespace NasCluster.Core.Architectures;

/// <summary>One kept layer of a sub-network.</summary>
/// <param name="SourceLayer">The layer of the super-network it is, from 0.</param>
/// <param name="KvGroups">The KV groups that stay: a key/value head with all the query heads that read it. None removes the attention.</param>
/// <param name="MlpChannels">The MLP's intermediate channels that stay. None removes the MLP.</param>
/// <param name="HeadPairs">
/// The rotary pairs that stay in every head of the layer, at least one: pair i is channels i and i + half of the head, which turn together
/// and so stay or go together, alike in queries, keys, values and the output's inputs (arXiv 2409.17372, section 3). Null keeps all.
/// </param>
public sealed record LayerArchitecture(int SourceLayer, ChannelSelection KvGroups, ChannelSelection MlpChannels, ChannelSelection? HeadPairs = null);
