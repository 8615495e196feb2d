using NasCluster.Core.Search;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Spaces;

/// <summary>The space that a specification means for a network.</summary>
public static class SpecifiedSpace
{
    /// <summary>The space.</summary>
    /// <param name="spec">A specification that fits the network.</param>
    /// <param name="configuration">The network's shape.</param>
    /// <param name="measured">The orders that the stages before the search have come to; null where there are none, or none yet.</param>
    public static IArchitectureSpace Of(SearchSpec spec, LlamaConfiguration configuration, MeasuredOrders? measured)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(configuration);
        var layers = spec.Space.LayerOrder ?? measured?.Layers ?? [];
        if (spec.Space.Kind == SpaceKind.Masks)
        {
            var attention = spec.Space.Attention;
            var byLayers = spec.Pruning.PolicyGradient is { Steps: > 0, LayerShare: < 1 };
            return new MaskSpace(configuration, new MaskSpaceOptions
            {
                Depths = byLayers ? [DepthAfterPolicyGradient(spec, configuration)] : [.. spec.Space.Depth.Order()],
                LayerOrder = layers,
                HeadPairs = attention is AttentionParts.Pairs or AttentionParts.Both,
                KvGroups = attention is AttentionParts.Groups or AttentionParts.Both,
                MlpChannels = true,
            });
        }

        var options = spec.Space.Resolve(configuration);
        return new LlamaSpace(configuration, measured is null ? options : options with { ChannelOrders = measured.Channels, LayerOrder = layers });
    }

    /// <summary>The genome that keeps everything a space can keep.</summary>
    public static Genome WholeOf(IArchitectureSpace space) =>
        space is MaskSpace masks ? masks.FullGenome : ((LlamaSpace)space).Canonicalise(((LlamaSpace)space).LargestGenome);

    private static int DepthAfterPolicyGradient(SearchSpec spec, LlamaConfiguration configuration) =>
        Math.Clamp((int)Math.Round(spec.Pruning.PolicyGradient.LayerShare * configuration.Layers.Length, MidpointRounding.AwayFromZero), 1, configuration.Layers.Length);
}
