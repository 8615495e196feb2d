using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Spaces.Masks;

/// <summary>What a mask may take away from a network, channel by channel (arXiv 2409.17372, section 3; arXiv 2406.10576).</summary>
public sealed record MaskSpaceOptions
{
    /// <summary>
    /// How many layers may stay, strictly ascending; which fall is decided by <see cref="LayerOrder"/>. Empty: all layers, unless
    /// <see cref="Layers"/> masks them one by one.
    /// </summary>
    public ImmutableArray<int> Depths { get; init; } = [];

    /// <summary>As <see cref="LlamaSpaceOptions.LayerOrder"/>.</summary>
    public ImmutableArray<int> LayerOrder { get; init; } = [];

    /// <summary>Whether a mask may take whole layers away, whichever.</summary>
    public bool Layers { get; init; }

    /// <summary>Whether a mask may take KV groups away.</summary>
    public bool KvGroups { get; init; }

    /// <summary>Whether a mask may take rotary pairs away, the same in all heads of a layer.</summary>
    public bool HeadPairs { get; init; }

    /// <summary>Whether a mask may take MLP channels away.</summary>
    public bool MlpChannels { get; init; }

    /// <summary>Everything wrong with the options for a network, each as one sentence; empty when they fit.</summary>
    public IReadOnlyList<string> Problems(LlamaConfiguration configuration)
    {
        var problems = new List<string>();
        if (!Layers && !KvGroups && !HeadPairs && !MlpChannels)
        {
            problems.Add("Nothing is masked; at least one of Layers, KvGroups, HeadPairs and MlpChannels must be.");
        }

        if (Layers && !Depths.IsDefaultOrEmpty)
        {
            problems.Add("Layers are masked and Depths are given; layers can fall by one of the two only.");
        }

        if (!Depths.IsDefaultOrEmpty || !LayerOrder.IsDefaultOrEmpty)
        {
            var order = new LlamaSpaceOptions { Depths = Depths.IsDefaultOrEmpty ? [configuration.Layers.Length] : Depths, LayerOrder = LayerOrder };
            problems.AddRange(order.Problems(configuration));
        }

        return problems;
    }
}
