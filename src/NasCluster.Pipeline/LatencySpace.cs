using System.Collections.Immutable;
using NasCluster.Core.Spaces;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline;

/// <summary>The layers that a search's networks may have, as counts: how fast a network is depends on how many channels stay, not on which.</summary>
public static class LatencySpace
{
    /// <summary>Depths, and for each layer the counts to choose from; where masks choose, every count from 1.</summary>
    public static LlamaSpaceOptions Of(SearchPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Space is not MaskSpace masks)
        {
            return plan.Widths.Options;
        }

        var configuration = plan.Configuration;
        return new LlamaSpaceOptions
        {
            Depths = masks.Depths,
            LayerOrder = masks.Options.LayerOrder,
            MlpWidths = Counts(masks.Options.MlpChannels, l => l.IntermediateSize),
            KvGroupCounts = Counts(masks.Options.KvGroups, l => l.KvHeadCount),
            HeadPairCounts = Counts(masks.Options.HeadPairs, l => l.KvHeadCount == 0 ? 0 : configuration.HeadChannels(l) / 2),
        };

        ImmutableArray<ImmutableArray<int>> Counts(bool masked, Func<LlamaLayerShape, int> whole) => masked
            ? [.. configuration.Layers.Select(l => whole(l) is var most && most > 0 ? [.. Enumerable.Range(1, most)] : ImmutableArray.Create(0))]
            : [];
    }
}
