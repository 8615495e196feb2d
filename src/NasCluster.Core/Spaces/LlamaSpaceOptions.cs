using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Spaces;

/// <summary>Which sub-networks of a LLaMA-family network a search may choose (LLaMA-NAS, arXiv 2405.18377, section 3).</summary>
/// <remarks>For LLaMA2-7B the paper has depths {24, 28, 32} and MLP widths {5504, 11008}.</remarks>
public sealed record LlamaSpaceOptions
{
    /// <summary>How many layers may stay, strictly ascending, each from 1 to the network's layer count.</summary>
    public required ImmutableArray<int> Depths { get; init; }

    /// <summary>
    /// For each layer of the network how many MLP channels it may keep, strictly ascending, at least one choice. 0 drops the MLP.
    /// Empty: every layer keeps all of its channels.
    /// </summary>
    public ImmutableArray<ImmutableArray<int>> MlpWidths { get; init; } = [];

    /// <summary>
    /// For each layer of the network how many KV groups it may keep, strictly ascending, at least one choice. 0 drops the attention.
    /// Empty, as in the paper: every layer keeps all of its groups.
    /// </summary>
    public ImmutableArray<ImmutableArray<int>> KvGroupCounts { get; init; } = [];

    /// <summary>
    /// For each layer of the network how many rotary pairs each of its heads may keep, strictly ascending, at least one choice, each from 1.
    /// Empty: heads keep all of their channels.
    /// </summary>
    public ImmutableArray<ImmutableArray<int>> HeadPairCounts { get; init; } = [];

    /// <summary>
    /// For each layer of the network which groups, pairs and channels a count keeps: the first so many of an order. Empty: the leading ones,
    /// which an engine serves as a view of its weights; others are gathered for each evaluation.
    /// </summary>
    public ImmutableArray<ChannelOrder> ChannelOrders { get; init; } = [];

    /// <summary>
    /// All layers of the network, the one to keep longest first: depth d keeps the first d of them, run in the network's own order.
    /// Empty, as in the toolkit behind the paper: the network's order, so that depth d keeps its first d layers.
    /// </summary>
    public ImmutableArray<int> LayerOrder { get; init; } = [];

    /// <summary>The same choices for every layer.</summary>
    /// <param name="layerCount">How many layers the network has.</param>
    /// <param name="depths">See <see cref="Depths"/>.</param>
    /// <param name="mlpWidths">What every layer chooses its MLP channels from; empty or left out: each keeps all of its own.</param>
    /// <param name="kvGroupCounts">What every layer chooses its KV groups from; empty or left out: each keeps all of its own.</param>
    /// <param name="layerOrder">See <see cref="LayerOrder"/>.</param>
    public static LlamaSpaceOptions Uniform(
        int layerCount, ImmutableArray<int> depths, ImmutableArray<int> mlpWidths = default, ImmutableArray<int> kvGroupCounts = default,
        ImmutableArray<int> layerOrder = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layerCount, 1);
        return new LlamaSpaceOptions
        {
            Depths = depths,
            MlpWidths = ForEach(mlpWidths),
            KvGroupCounts = ForEach(kvGroupCounts),
            LayerOrder = layerOrder.IsDefault ? [] : layerOrder,
        };

        ImmutableArray<ImmutableArray<int>> ForEach(ImmutableArray<int> choices) =>
            choices.IsDefaultOrEmpty ? [] : [.. Enumerable.Repeat(choices, layerCount)];
    }

    /// <summary>Everything wrong with the options for a network, each as one sentence that names layer and place; empty when they fit.</summary>
    public IReadOnlyList<string> Problems(LlamaConfiguration configuration)
    {
        var problems = new List<string>();
        var layers = configuration.Layers.Length;
        if (Depths.IsDefaultOrEmpty)
        {
            problems.Add("Depths is empty; it must have at least one depth.");
        }

        CheckChoices(problems, nameof(Depths), Depths, 1, layers, $"the network has {layers} layers");
        CheckLayers(problems, nameof(MlpWidths), MlpWidths, configuration, l => l.IntermediateSize, "MLP channels");
        CheckLayers(problems, nameof(KvGroupCounts), KvGroupCounts, configuration, l => l.KvHeadCount, "KV groups");
        CheckLayers(problems, nameof(HeadPairCounts), HeadPairCounts, configuration, l => PairsOf(l, configuration), "rotary pairs in a head");
        CheckOrder(problems, LayerOrder, nameof(LayerOrder), "LayerOrder has", layers, "layers");
        CheckChannelOrders(problems, configuration);
        return problems;
    }

    /// <summary>Rotary pairs that each head of a layer has; none without attention.</summary>
    internal static int PairsOf(LlamaLayerShape layer, LlamaConfiguration configuration) => layer.KvHeadCount == 0 ? 0 : configuration.HeadChannels(layer) / 2;

    private static void CheckLayers(
        List<string> problems, string name, ImmutableArray<ImmutableArray<int>> lists, LlamaConfiguration configuration,
        Func<LlamaLayerShape, int> sizeOf, string what)
    {
        if (lists.IsDefaultOrEmpty)
        {
            return;
        }

        var layers = configuration.Layers.Length;
        if (lists.Length != layers)
        {
            problems.Add($"{name} has lists for {lists.Length} layers; it must have one for each of the network's {layers}, or none at all.");
        }

        for (var layer = 0; layer < Math.Min(layers, lists.Length); layer++)
        {
            if (lists[layer].IsDefaultOrEmpty)
            {
                problems.Add($"{name}[{layer}] is empty; layer {layer} must have at least one choice.");
            }

            var size = sizeOf(configuration.Layers[layer]);
            var least = name == nameof(HeadPairCounts) && size > 0 ? 1 : 0;
            CheckChoices(problems, $"{name}[{layer}]", lists[layer], least, size, $"layer {layer} has {size} {what}");
        }
    }

    private static void CheckChoices(List<string> problems, string name, ImmutableArray<int> choices, int least, int most, string because)
    {
        if (choices.IsDefault)
        {
            return;
        }

        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i] < least || choices[i] > most)
            {
                problems.Add($"{name}[{i}] is {choices[i]}; it must be in [{least}, {most}], because {because}.");
            }

            if (i > 0 && choices[i] <= choices[i - 1])
            {
                problems.Add($"{name}[{i}] is {choices[i]} after {choices[i - 1]}; the list must ascend strictly.");
            }
        }
    }

    private void CheckChannelOrders(List<string> problems, LlamaConfiguration configuration)
    {
        if (ChannelOrders.IsDefaultOrEmpty)
        {
            return;
        }

        if (ChannelOrders.Length != configuration.Layers.Length)
        {
            problems.Add($"ChannelOrders has {ChannelOrders.Length} entries; it must have one for each of the network's {configuration.Layers.Length} layers, or none at all.");
        }

        for (var layer = 0; layer < Math.Min(ChannelOrders.Length, configuration.Layers.Length); layer++)
        {
            var shape = configuration.Layers[layer];
            Check(layer, nameof(ChannelOrder.KvGroups), ChannelOrders[layer].KvGroups, shape.KvHeadCount);
            Check(layer, nameof(ChannelOrder.HeadPairs), ChannelOrders[layer].HeadPairs, PairsOf(shape, configuration));
            Check(layer, nameof(ChannelOrder.MlpChannels), ChannelOrders[layer].MlpChannels, shape.IntermediateSize);
        }

        void Check(int layer, string part, ImmutableArray<int> order, int count) =>
            CheckOrder(problems, order, $"ChannelOrders[{layer}].{part}", $"ChannelOrders[{layer}].{part} has", count, "of them");
    }

    private static void CheckOrder(List<string> problems, ImmutableArray<int> order, string name, string has, int count, string what)
    {
        if (order.IsDefaultOrEmpty)
        {
            return;
        }

        if (order.Length != count)
        {
            problems.Add($"{has} {order.Length} {what}; it must have all {count} of the network.");
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < order.Length; i++)
        {
            if (order[i] < 0 || order[i] >= count)
            {
                problems.Add($"{name}[{i}] is {order[i]}; it must be in [0, {count - 1}].");
            }
            else if (!seen.Add(order[i]))
            {
                problems.Add($"{name}[{i}] is {order[i]} a second time; each {(what == "layers" ? "layer" : "place")} must occur once.");
            }
        }
    }
}
