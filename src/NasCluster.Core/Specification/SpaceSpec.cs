using System.Collections.Immutable;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Specification;

/// <summary>Which sub-networks there are. An empty list stands for its default.</summary>
public sealed record SpaceSpec
{
    private static readonly ImmutableArray<MlpWidth> DefaultMlp = [new(0.5), new(0.75), new(1)];

    /// <summary>Layer counts to choose from. Empty: every count from 60 % of the model's layers (rounded up) to all.</summary>
    public ImmutableArray<int> Depth { get; init; } = [];

    /// <summary>MLP widths each layer chooses from. Empty: 0.5, 0.75 and 1.0 of the layer's channels.</summary>
    public ImmutableArray<MlpWidth> Mlp { get; init; } = [];

    /// <summary>
    /// What a candidate is: a width for every layer, or explicit masks of rotary pairs and MLP channels, which evolve (then
    /// <see cref="Mlp"/>, <see cref="HeadPairs"/> and <see cref="KvGroups"/> say nothing).
    /// </summary>
    public SpaceKind Kind { get; init; } = SpaceKind.Widths;

    /// <summary>What masks may take from attention; candidates by widths do not look at it.</summary>
    public AttentionParts Attention { get; init; } = AttentionParts.Pairs;

    /// <summary>Shares of its rotary pairs that every head of a layer chooses from. Empty: all.</summary>
    public ImmutableArray<double> HeadPairs { get; init; } = [];

    /// <summary>KV-group counts each layer chooses from. Empty: all of the layer's groups.</summary>
    public ImmutableArray<int> KvGroups { get; init; } = [];

    /// <summary>
    /// All layers of the model, the one kept longest first; a depth of d keeps the first d of them, which still run in the
    /// model's order. Null keeps the leading layers.
    /// </summary>
    public ImmutableArray<int>? LayerOrder { get; init; }

    /// <summary>The space of one model: its numbers filled in, layer by layer, since a share of unequal layers is a width of each.</summary>
    /// <param name="configuration">The model's shape.</param>
    /// <exception cref="SpecificationException">The space does not fit the model.</exception>
    public LlamaSpaceOptions Resolve(LlamaConfiguration configuration)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        SpaceRules.CheckAgainst(this, configuration, problems);
        if (problems.Count > 0)
        {
            throw new SpecificationException(null, problems.ToImmutable());
        }

        var layers = configuration.Layers.Length;
        var least = ((6 * layers) + 9) / 10;
        var widths = Mlp.IsEmpty ? DefaultMlp : Mlp;
        ImmutableArray<int> groups = [.. KvGroups.Order()];
        return new LlamaSpaceOptions
        {
            Depths = Depth.IsEmpty ? [.. Enumerable.Range(least, layers - least + 1)] : [.. Depth.Order()],
            MlpWidths = [.. configuration.Layers.Select(l => widths.Select(w => w.Channels(l.IntermediateSize)).Distinct().Order().ToImmutableArray())],
            HeadPairCounts = HeadPairs.IsEmpty ? [] : [.. configuration.Layers.Select(l => PairCounts(l, configuration))],
            KvGroupCounts = groups.IsEmpty ? [] : [.. Enumerable.Repeat(groups, layers)],
            LayerOrder = LayerOrder ?? [],
        };
    }

    private ImmutableArray<int> PairCounts(LlamaLayerShape layer, LlamaConfiguration configuration)
    {
        var pairs = configuration.HeadChannels(layer) / 2;
        return layer.KvHeadCount == 0
            ? [0]
            : [.. HeadPairs.Select(s => Math.Clamp((int)Math.Round(s * pairs, MidpointRounding.AwayFromZero), 1, pairs)).Distinct().Order()];
    }

    /// <inheritdoc/>
    public bool Equals(SpaceSpec? other) =>
        other is not null && Kind == other.Kind && Attention == other.Attention && HeadPairs.AsSpan().SequenceEqual(other.HeadPairs.AsSpan()) && Depth.AsSpan().SequenceEqual(other.Depth.AsSpan()) && Mlp.AsSpan().SequenceEqual(other.Mlp.AsSpan())
        && KvGroups.AsSpan().SequenceEqual(other.KvGroups.AsSpan()) && LayerOrder.HasValue == other.LayerOrder.HasValue
        && (LayerOrder is null || LayerOrder.Value.AsSpan().SequenceEqual(other.LayerOrder!.Value.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Depth.Length, Mlp.Length, KvGroups.Length, LayerOrder?.Length);
}
