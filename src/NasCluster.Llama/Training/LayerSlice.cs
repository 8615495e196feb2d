using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>What a sub-network keeps of a layer: leading KV groups and leading MLP channels.</summary>
internal sealed class LayerSlice(TrainableLayer layer, LlamaConfiguration configuration, LayerArchitecture architecture)
{
    public TrainableLayer Layer => layer;

    /// <summary>Which layer of the super-network it is.</summary>
    public int Source => architecture.SourceLayer;

    public int KvGroups => architecture.KvGroups.Count;

    public int QueryHeads => KvGroups * configuration.QueryHeadsPerKvHead;

    /// <summary>Rows kept of keys, and of values.</summary>
    public int KeyRows => KvGroups * configuration.HeadSize;

    /// <summary>Rows kept of queries, and columns of the output projection.</summary>
    public int QueryRows => QueryHeads * configuration.HeadSize;

    public int MlpChannels => architecture.MlpChannels.Count;
}
