using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Spaces;

/// <summary>The sub-networks of a LLaMA-family network by depth, and by MLP width, KV groups and rotary pairs layer by layer.</summary>
/// <remarks>
/// <para>
/// Gene 0 chooses the depth. Then comes one MLP gene per candidate layer, then one KV gene, then one pair gene per candidate layer, in the network's order;
/// a candidate is a layer that the greatest depth keeps. A gene is the index into its layer's list in <see cref="LlamaSpaceOptions"/>.
/// Where no candidate has more than one MLP width there are no MLP genes, and likewise for the others; where only some have,
/// the genes of the others can only be 0.
/// </para>
/// <para>Genes of candidate layers that fell are dead: the canonical genome has 0 there.</para>
/// </remarks>
public sealed class LlamaSpace : IArchitectureSpace
{
    private readonly LlamaConfiguration _configuration;
    private readonly ImmutableArray<Candidate> _candidates;
    private readonly LayerGenes _mlp;
    private readonly LayerGenes _kv;
    private readonly LayerGenes _pairs;

    /// <summary>Makes the space.</summary>
    /// <exception cref="NasClusterException">The options do not fit the network; the message names every problem.</exception>
    public LlamaSpace(LlamaConfiguration configuration, LlamaSpaceOptions options)
    {
        if (options.Problems(configuration) is { Count: > 0 } problems)
        {
            throw new NasClusterException($"The space does not fit the network: {string.Join(" ", problems)}");
        }

        _configuration = configuration;
        Options = options;
        IEnumerable<int> order = options.LayerOrder.IsDefaultOrEmpty
            ? Enumerable.Range(0, configuration.Layers.Length)
            : options.LayerOrder;
        _candidates = [.. order.Take(options.Depths[^1]).Select((layer, rank) => new Candidate(layer, rank)).OrderBy(c => c.Layer)];

        _mlp = new LayerGenes(ChoicesOf(options.MlpWidths, l => l.IntermediateSize), 1);
        _kv = new LayerGenes(ChoicesOf(options.KvGroupCounts, l => l.KvHeadCount), 1 + _mlp.Cardinalities.Length);
        _pairs = new LayerGenes(ChoicesOf(options.HeadPairCounts, PairsOf), 1 + _mlp.Cardinalities.Length + _kv.Cardinalities.Length);
        Cardinalities = [options.Depths.Length, .. _mlp.Cardinalities, .. _kv.Cardinalities, .. _pairs.Cardinalities];
        DistinctCount = CountDistinct();
        EncodingCount = Cardinalities.Aggregate(BigInteger.One, (product, cardinality) => product * cardinality);
    }

    /// <summary>What the space was made from.</summary>
    public LlamaSpaceOptions Options { get; }

    /// <inheritdoc/>
    public ImmutableArray<int> Cardinalities { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// The sum over the depths of the product, over the layers kept at that depth, of (MLP choices x KV choices x pair choices):
    /// 2^32 + 2^28 + 2^24 for the paper's space on LLaMA2-7B.
    /// </remarks>
    public BigInteger DistinctCount { get; }

    /// <summary>How many genomes there are, canonical or not: the product of the cardinalities.</summary>
    public BigInteger EncodingCount { get; }

    /// <summary>The genome that keeps the most: greatest depth, widest layers. The whole network where the options allow it.</summary>
    public Genome LargestGenome => new([.. Cardinalities.Select(c => c - 1)]);

    /// <summary>The genome that keeps the least.</summary>
    public Genome SmallestGenome => new([.. Cardinalities.Select(_ => 0)]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The genome is not of this space.</exception>
    public Genome Canonicalise(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        var depth = Options.Depths[genome.Genes[0]];
        int[]? canonical = null;
        for (var i = 0; i < _candidates.Length; i++)
        {
            if (_candidates[i].Rank >= depth)
            {
                Zero(_mlp.Position(i));
                Zero(_kv.Position(i));
                Zero(_pairs.Position(i));
            }
            else if (_kv.Choice(genome, i) == 0)
            {
                Zero(_pairs.Position(i)); // No head is left that could keep any.
            }
        }

        return canonical is null ? genome : new Genome([.. canonical]);

        void Zero(int? position)
        {
            if (position is { } gene && genome.Genes[gene] != 0)
            {
                canonical ??= [.. genome.Genes];
                canonical[gene] = 0;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The genome is not of this space.</exception>
    public Architecture Decode(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        var depth = Options.Depths[genome.Genes[0]];
        var layers = ImmutableArray.CreateBuilder<LayerArchitecture>(depth);
        for (var i = 0; i < _candidates.Length; i++)
        {
            var (layer, rank) = _candidates[i];
            if (rank < depth)
            {
                layers.Add(Decode(genome, i, layer));
            }
        }

        return new Architecture(layers.MoveToImmutable());
    }

    private LayerArchitecture Decode(Genome genome, int candidate, int layer)
    {
        var order = Options.ChannelOrders.IsDefaultOrEmpty ? ChannelOrder.OfWeights : Options.ChannelOrders[layer];
        var groups = First(order.KvGroups, _kv.Choice(genome, candidate));
        var pairs = _pairs.Choice(genome, candidate);
        return new LayerArchitecture(
            layer,
            groups,
            First(order.MlpChannels, _mlp.Choice(genome, candidate)),
            groups.Count == 0 || pairs == PairsOf(_configuration.Layers[layer]) ? null : First(order.HeadPairs, pairs));
    }

    private static ChannelSelection First(ImmutableArray<int> order, int count) =>
        order.IsDefaultOrEmpty ? ChannelSelection.Leading(count) : ChannelSelection.Set([.. order[..count].Order()]);

    private int PairsOf(LlamaLayerShape shape) => LlamaSpaceOptions.PairsOf(shape, _configuration);

    /// <summary>For each candidate what it chooses from: its own list, or all it has where the options leave the lists out.</summary>
    private ImmutableArray<ImmutableArray<int>> ChoicesOf(ImmutableArray<ImmutableArray<int>> lists, Func<LlamaLayerShape, int> whole) =>
        [.. _candidates.Select(c => lists.IsDefaultOrEmpty ? [whole(_configuration.Layers[c.Layer])] : lists[c.Layer])];

    private BigInteger CountDistinct()
    {
        // Depths ascend, so the layers of one depth are those of the depth before and some more.
        var byRank = Enumerable.Range(0, _candidates.Length).OrderBy(i => _candidates[i].Rank).ToArray();
        var (sum, product, kept) = (BigInteger.Zero, BigInteger.One, 0);
        foreach (var depth in Options.Depths)
        {
            for (; kept < depth; kept++)
            {
                // Without attention a layer has no heads to choose pairs for.
                var without = _kv.Offers(byRank[kept], 0) ? 1 : 0;
                product *= (BigInteger)_mlp.ChoiceCount(byRank[kept]) * (((BigInteger)(_kv.ChoiceCount(byRank[kept]) - without) * _pairs.ChoiceCount(byRank[kept])) + without);
            }

            sum += product;
        }

        return sum;
    }

    /// <param name="Layer">The layer of the network.</param>
    /// <param name="Rank">Its place in the order: it stays when the depth is greater.</param>
    private readonly record struct Candidate(int Layer, int Rank);
}
