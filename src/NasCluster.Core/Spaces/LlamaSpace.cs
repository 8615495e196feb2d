using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Spaces;

/// <summary>The sub-networks of a LLaMA-family network by depth, and by MLP width and KV groups layer by layer.</summary>
/// <remarks>
/// <para>
/// Gene 0 chooses the depth. Then comes one MLP gene per candidate layer, then one KV gene per candidate layer, in the network's order;
/// a candidate is a layer that the greatest depth keeps. A gene is the index into its list in <see cref="LlamaSpaceOptions"/>;
/// an empty list has no genes, a list of one choice has genes that can only be 0.
/// </para>
/// <para>Genes of candidate layers that fell are dead: the canonical genome has 0 there.</para>
/// </remarks>
public sealed class LlamaSpace : IArchitectureSpace
{
    private readonly LlamaConfiguration _configuration;
    private readonly ImmutableArray<Candidate> _candidates;
    private readonly int _mlpStart;
    private readonly int _kvStart;

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

        var mlpGenes = options.MlpWidths.IsDefaultOrEmpty ? 0 : _candidates.Length;
        var kvGenes = options.KvGroupCounts.IsDefaultOrEmpty ? 0 : _candidates.Length;
        _mlpStart = mlpGenes == 0 ? -1 : 1;
        _kvStart = kvGenes == 0 ? -1 : 1 + mlpGenes;
        var mlpChoices = mlpGenes == 0 ? 1 : options.MlpWidths.Length;
        var kvChoices = kvGenes == 0 ? 1 : options.KvGroupCounts.Length;
        Cardinalities = [options.Depths.Length, .. Enumerable.Repeat(mlpChoices, mlpGenes), .. Enumerable.Repeat(kvChoices, kvGenes)];

        var perLayer = (BigInteger)mlpChoices * kvChoices;
        DistinctCount = options.Depths.Aggregate(BigInteger.Zero, (sum, depth) => sum + BigInteger.Pow(perLayer, depth));
        EncodingCount = options.Depths.Length * BigInteger.Pow(perLayer, _candidates.Length);
    }

    /// <summary>What the space was made from.</summary>
    public LlamaSpaceOptions Options { get; }

    /// <inheritdoc/>
    public ImmutableArray<int> Cardinalities { get; }

    /// <inheritdoc/>
    /// <remarks>The sum over the depths d of (MLP choices x KV choices)^d: 2^32 + 2^28 + 2^24 for the paper's space on LLaMA2-7B.</remarks>
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
                Zero(_mlpStart, i);
                Zero(_kvStart, i);
            }
        }

        return canonical is null ? genome : new Genome([.. canonical]);

        void Zero(int start, int candidate)
        {
            if (start >= 0 && genome.Genes[start + candidate] != 0)
            {
                canonical ??= [.. genome.Genes];
                canonical[start + candidate] = 0;
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
                var shape = _configuration.Layers[layer];
                var kvGroups = _kvStart < 0 ? shape.KvHeadCount : Options.KvGroupCounts[genome.Genes[_kvStart + i]];
                var mlpChannels = _mlpStart < 0 ? shape.IntermediateSize : Options.MlpWidths[genome.Genes[_mlpStart + i]];
                layers.Add(new LayerArchitecture(layer, ChannelSelection.Leading(kvGroups), ChannelSelection.Leading(mlpChannels)));
            }
        }

        return new Architecture(layers.MoveToImmutable());
    }

    /// <param name="Layer">The layer of the network.</param>
    /// <param name="Rank">Its place in the order: it stays when the depth is greater.</param>
    private readonly record struct Candidate(int Layer, int Rank);
}
