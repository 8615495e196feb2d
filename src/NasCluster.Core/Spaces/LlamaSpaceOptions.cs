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
    /// How many MLP channels a layer may keep, strictly ascending; the choice is every layer's own. 0 drops the MLP.
    /// Empty: every layer keeps all of its channels, and there are no genes for them.
    /// </summary>
    public ImmutableArray<int> MlpWidths { get; init; } = [];

    /// <summary>
    /// How many KV groups a layer may keep, strictly ascending; the choice is every layer's own. 0 drops the attention.
    /// Empty, as in the paper: every layer keeps all of its groups, and there are no genes for them.
    /// </summary>
    public ImmutableArray<int> KvGroupCounts { get; init; } = [];

    /// <summary>
    /// All layers of the network, the one to keep longest first: depth d keeps the first d of them, run in the network's own order.
    /// Empty, as in the toolkit behind the paper: the network's order, so that depth d keeps its first d layers.
    /// </summary>
    public ImmutableArray<int> LayerOrder { get; init; } = [];

    /// <summary>Everything wrong with the options for a network, each as one sentence; empty when they fit.</summary>
    public IReadOnlyList<string> Problems(LlamaConfiguration configuration)
    {
        var problems = new List<string>();
        var layers = configuration.Layers.Length;
        if (Depths.IsDefaultOrEmpty)
        {
            problems.Add("Depths is empty; it must have at least one depth.");
        }

        CheckChoices(problems, nameof(Depths), Depths, 1, layers, $"the network has {layers} layers");
        var (layer, size) = Smallest(configuration, l => l.IntermediateSize);
        CheckChoices(problems, nameof(MlpWidths), MlpWidths, 0, size, $"layer {layer} has {size} MLP channels");
        (layer, size) = Smallest(configuration, l => l.KvHeadCount);
        CheckChoices(problems, nameof(KvGroupCounts), KvGroupCounts, 0, size, $"layer {layer} has {size} KV groups");
        CheckOrder(problems, layers);
        return problems;
    }

    private static (int Layer, int Size) Smallest(LlamaConfiguration configuration, Func<LlamaLayerShape, int> sizeOf) =>
        configuration.Layers.Select((shape, layer) => (Layer: layer, Size: sizeOf(shape))).DefaultIfEmpty().MinBy(l => l.Size);

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

    private void CheckOrder(List<string> problems, int layers)
    {
        if (LayerOrder.IsDefaultOrEmpty)
        {
            return;
        }

        if (LayerOrder.Length != layers)
        {
            problems.Add($"LayerOrder has {LayerOrder.Length} layers; it must have all {layers} of the network.");
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < LayerOrder.Length; i++)
        {
            if (LayerOrder[i] < 0 || LayerOrder[i] >= layers)
            {
                problems.Add($"LayerOrder[{i}] is {LayerOrder[i]}; it must be in [0, {layers - 1}].");
            }
            else if (!seen.Add(LayerOrder[i]))
            {
                problems.Add($"LayerOrder[{i}] is {LayerOrder[i]} a second time; each layer must occur once.");
            }
        }
    }
}
