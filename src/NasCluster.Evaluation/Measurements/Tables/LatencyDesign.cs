using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Randomness;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>Which networks are measured: some to work the times of layer options out from, others of the space to check predictions on.</summary>
/// <remarks>
/// <para>
/// A layer alone is no network, and timed alone its weights would lie in caches that a whole network's pass out of. So whole networks are timed, all layers
/// of one as alike as the space allows: those of several depths that differ in nothing else give the time of a layer and of the rest,
/// and each option is in as many layers as possible, so that noise is shared among them.
/// </para>
/// <para>
/// Attention and MLP options are crossed fully as long as there are few; else each is varied with the other at its widest, and both at their
/// narrowest. Every network of the space has both, so two more, one of attention and one of MLPs alone, tell their times apart.
/// </para>
/// </remarks>
public sealed class LatencyDesign
{
    /// <summary>The most options of MLP channels; a space that has more is interpolated.</summary>
    internal const int MostMlpKnots = 9;

    /// <summary>The most options of KV groups, and of rotary pairs.</summary>
    internal const int MostAttentionKnots = 5;

    private const int MostCrossed = 12;
    private const int TriesPerNetwork = 50;

    private readonly LlamaConfiguration _configuration;
    private readonly ImmutableArray<Choices> _layers;
    private readonly ImmutableArray<int> _order;
    private readonly ImmutableArray<int> _depths;

    /// <summary>Chooses the networks.</summary>
    /// <param name="configuration">The super-network.</param>
    /// <param name="space">The networks that predictions are for; which channels a count keeps does not matter, since they are cut out densely.</param>
    /// <param name="heldOut">How many to check predictions on; fewer where the space has fewer.</param>
    /// <param name="seed">Of their choice.</param>
    /// <exception cref="NasClusterException">The space does not fit the network, or has no network beside those of the design.</exception>
    public LatencyDesign(LlamaConfiguration configuration, LlamaSpaceOptions space, int heldOut, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(heldOut, 1);
        if (space.Problems(configuration) is { Count: > 0 } problems)
        {
            throw new NasClusterException($"The space does not fit the network: {string.Join(" ", problems)}");
        }

        _configuration = configuration;
        _depths = space.Depths;
        _order = space.LayerOrder.IsDefaultOrEmpty ? [.. Enumerable.Range(0, configuration.Layers.Length)] : space.LayerOrder;
        _layers = [.. configuration.Layers.Select((shape, layer) => Choices.Of(configuration, shape, layer, space))];
        Knots = KnotsOf([.. _order.Take(_depths[^1]).Select(l => _layers[l])]);
        Fitted = [.. Homogeneous().Distinct()];
        Knots = Knots with { Sizes = SizesOf(Fitted) };
        HeldOut = Draw(heldOut, new Xoshiro256(seed));
        if (HeldOut.IsEmpty)
        {
            throw new NasClusterException("The space has no network beside those that a table is worked out from, so its predictions could not be checked; measure instead.");
        }
    }

    /// <summary>The layer options.</summary>
    public LayerKnots Knots { get; }

    /// <summary>The networks to work their times out from.</summary>
    public ImmutableArray<Architecture> Fitted { get; }

    /// <summary>The networks to check predictions on; none of them is among the others.</summary>
    public ImmutableArray<Architecture> HeldOut { get; }

    private static LayerKnots KnotsOf(ImmutableArray<Choices> layers)
    {
        return new LayerKnots(
            Spread(layers.SelectMany(l => l.KvGroups), MostAttentionKnots), Spread(layers.SelectMany(l => l.HeadPairs), MostAttentionKnots),
            Spread(layers.SelectMany(l => l.MlpChannels), MostMlpKnots), []);

        // The choices nearest to an even spread, from the least to the most.
        static ImmutableArray<int> Spread(IEnumerable<int> choices, int most)
        {
            int[] all = [.. choices.Where(c => c > 0).Distinct().Order()];
            return all.Length <= most
                ? [.. all]
                : [.. Enumerable.Range(0, most).Select(i => all[0] + ((all[^1] - all[0]) * (double)i / (most - 1))).Select(even => all.MinBy(c => Math.Abs(c - even))).Distinct()];
        }
    }

    // Thirds of the range of networks: enough for a machine's caches to show, few enough to be worked out from so many.
    private ImmutableArray<long> SizesOf(ImmutableArray<Architecture> networks)
    {
        var sizes = networks.Select(n => CostModel.BlockParameters(_configuration.Extract(n))).ToArray();
        var (least, range) = (sizes.Min(), sizes.Max() - sizes.Min());
        return [.. new[] { least + (range / 3), least + (range / 3 * 2) }.Where(s => s > 0 && range > 2)];
    }

    private IEnumerable<Architecture> Homogeneous()
    {
        var deep = _depths[^1];
        var shallow = _depths[0] < deep ? _depths[0] : Math.Max(1, deep / 2);
        int[] depths = [.. new[] { shallow, (shallow + deep) / 2, deep }.Distinct()];
        (int Groups, int Pairs)[] attention = Knots.AttentionCount == 0 ? [(0, 0)] : [.. Knots.KvGroups.SelectMany(g => Knots.HeadPairs.Select(p => (g, p)))];
        int[] mlp = Knots.MlpChannels.IsEmpty ? [0] : [.. Knots.MlpChannels];
        var layers = attention.Length * mlp.Length <= MostCrossed
            ? attention.SelectMany(a => mlp.Select(m => (a, m)))
            : [.. attention.Select(a => (a, mlp[^1])), .. mlp.Select(m => (attention[^1], m)), (attention[0], mlp[0])];
        foreach (var (a, m) in layers)
        {
            foreach (var depth in depths)
            {
                yield return Alike(depth, a, m);
            }
        }

        if (Knots.AttentionCount > 0 && mlp[^1] > 0)
        {
            yield return Alike(deep, attention[^1], 0);
            yield return Alike(deep, (0, 0), mlp[^1]);
        }
    }

    private Architecture Alike(int depth, (int Groups, int Pairs) attention, int mlp) =>
        Of(depth, layer => (Nearest(layer.KvGroups, attention.Groups), Nearest(layer.HeadPairs, attention.Pairs), Nearest(layer.MlpChannels, mlp)));

    /// <summary>The most of a layer's choices that does not exceed a count, or its least; none where none is asked for.</summary>
    private static int Nearest(ImmutableArray<int> choices, int count) =>
        count == 0 ? 0 : choices.Where(c => c <= count).DefaultIfEmpty(choices[0]).Last();

    private ImmutableArray<Architecture> Draw(int count, Xoshiro256 random)
    {
        var drawn = new List<Architecture>();
        var taken = Fitted.ToHashSet();
        for (var attempt = 0; drawn.Count < count && attempt < TriesPerNetwork * count; attempt++)
        {
            // Widths drawn independently would make all deep networks nearly alike in sum; a range of its own for each makes narrow and wide ones too.
            var (groups, pairs, mlp) = (Range.Draw(random), Range.Draw(random), Range.Draw(random));
            var architecture = Of(_depths[random.NextInt(_depths.Length)], l => (groups.Pick(l.KvGroups, random), pairs.Pick(l.HeadPairs, random), mlp.Pick(l.MlpChannels, random)));
            if (taken.Add(architecture))
            {
                drawn.Add(architecture);
            }
        }

        return [.. drawn];
    }

    private Architecture Of(int depth, Func<Choices, (int Groups, int Pairs, int Mlp)> choose) => new(
        [.. _order.Take(depth).Order().Select(layer =>
        {
            var (groups, pairs, mlp) = choose(_layers[layer]);
            return _configuration.Canonical(new LayerArchitecture(
                layer, ChannelSelection.Leading(groups), ChannelSelection.Leading(mlp), groups == 0 ? null : ChannelSelection.Leading(pairs)));
        })]);

    private readonly record struct Range(double Low, double High)
    {
        public static Range Draw(Xoshiro256 random) => (random.NextDouble(), random.NextDouble()) is var (a, b) && a < b ? new(a, b) : new(b, a);

        public int Pick(ImmutableArray<int> choices, Xoshiro256 random) => choices[(int)((Low + ((High - Low) * random.NextDouble())) * choices.Length)];
    }

    private sealed record Choices(ImmutableArray<int> KvGroups, ImmutableArray<int> HeadPairs, ImmutableArray<int> MlpChannels)
    {
        public static Choices Of(LlamaConfiguration configuration, LlamaLayerShape shape, int layer, LlamaSpaceOptions space) => new(
            space.KvGroupCounts.IsDefaultOrEmpty ? [shape.KvHeadCount] : space.KvGroupCounts[layer],
            shape.KvHeadCount == 0 ? [0] : space.HeadPairCounts.IsDefaultOrEmpty ? [configuration.HeadChannels(shape) / 2] : space.HeadPairCounts[layer],
            space.MlpWidths.IsDefaultOrEmpty ? [shape.IntermediateSize] : space.MlpWidths[layer]);
    }
}
