using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Spaces.Masks;

/// <summary>The sub-networks of a LLaMA-family network by explicit masks: one bit for each channel (or group, pair, layer) that may go.</summary>
/// <remarks>
/// <para>
/// A mask is a <see cref="bool"/> for each bit of <see cref="Sections"/>, true for what stays, with the index of a depth beside it. A genome
/// is the same in integers: gene 0 the index of the depth, then the bits of each section, <see cref="WordBits"/> to a gene, the first bit lowest.
/// So a genome of LLaMA2-7B takes 22,000 genes, and not one for each of its 354,000 bits.
/// </para>
/// <para>
/// Bits that mean nothing are 0 in the canonical genome: those of layers that fell, and groups and pairs of a layer where none of the other
/// stays. A layer that is masked by a bit of its own and of which nothing stays has that bit cleared.
/// </para>
/// </remarks>
public sealed class MaskSpace : IArchitectureSpace
{
    /// <summary>Bits of a mask that one gene holds.</summary>
    public const int WordBits = 16;

    private readonly LlamaConfiguration _configuration;
    private readonly int[] _rank;
    private readonly MaskSection?[,] _byLayer;
    private readonly MaskSection? _layers;

    /// <summary>Makes the space.</summary>
    /// <exception cref="NasClusterException">The options do not fit the network; the message names every problem.</exception>
    public MaskSpace(LlamaConfiguration configuration, MaskSpaceOptions options)
    {
        if (options.Problems(configuration) is { Count: > 0 } problems)
        {
            throw new NasClusterException($"The masks do not fit the network: {string.Join(" ", problems)}");
        }

        _configuration = configuration;
        Options = options;
        Depths = options.Depths.IsDefaultOrEmpty ? [configuration.Layers.Length] : options.Depths;
        _rank = new int[configuration.Layers.Length];
        for (var place = 0; place < _rank.Length; place++)
        {
            _rank[options.LayerOrder.IsDefaultOrEmpty ? place : options.LayerOrder[place]] = place;
        }

        _byLayer = new MaskSection?[configuration.Layers.Length, Enum.GetValues<MaskPart>().Length];
        var sections = ImmutableArray.CreateBuilder<MaskSection>();
        if (options.Layers)
        {
            _layers = Add(MaskPart.Layer, -1, configuration.Layers.Length);
        }

        for (var layer = 0; layer < configuration.Layers.Length; layer++)
        {
            var shape = configuration.Layers[layer];
            AddTo(layer, MaskPart.KvGroup, options.KvGroups ? shape.KvHeadCount : 0);
            AddTo(layer, MaskPart.HeadPair, options.HeadPairs ? PairsOf(layer) : 0);
            AddTo(layer, MaskPart.MlpChannel, options.MlpChannels ? shape.IntermediateSize : 0);
        }

        Sections = sections.ToImmutable();
        BitCount = Sections.Sum(s => s.Length);
        Cardinalities = [Depths.Length, .. Sections.SelectMany(s => Words(s).Select(w => 1 << w.Length))];
        DistinctCount = CountDistinct();

        MaskSection Add(MaskPart part, int layer, int length)
        {
            var section = new MaskSection(part, layer, sections.Count == 0 ? 0 : sections[^1].Start + sections[^1].Length, length);
            sections.Add(section);
            return section;
        }

        void AddTo(int layer, MaskPart part, int length)
        {
            if (length > 0)
            {
                _byLayer[layer, (int)part] = Add(part, layer, length);
            }
        }
    }

    /// <summary>What the space was made from.</summary>
    public MaskSpaceOptions Options { get; }

    /// <summary>How many layers may stay, ascending; one entry, all layers, where depth is no choice.</summary>
    public ImmutableArray<int> Depths { get; }

    /// <summary>The stretches of a mask, in order, without gaps.</summary>
    public ImmutableArray<MaskSection> Sections { get; }

    /// <summary>Bits of a mask.</summary>
    public int BitCount { get; }

    /// <inheritdoc/>
    public ImmutableArray<int> Cardinalities { get; }

    /// <inheritdoc/>
    /// <remarks>A layer kept by the depth of which the masks leave nothing counts as kept.</remarks>
    public BigInteger DistinctCount { get; }

    /// <summary>The genome that keeps everything.</summary>
    public Genome FullGenome
    {
        get
        {
            var mask = new bool[BitCount];
            Array.Fill(mask, true);
            return Encode(Depths.Length - 1, mask);
        }
    }

    /// <summary>Whether a layer stays at a depth; layers that are masked by bits of their own are not looked at.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="depth">The index of the depth in <see cref="Depths"/>.</param>
    public bool Stays(int layer, int depth) => _rank[layer] < Depths[depth];

    /// <summary>The section of a part of a layer; null where it is not masked.</summary>
    public MaskSection? SectionOf(int layer, MaskPart part) => _byLayer[layer, (int)part];

    /// <summary>The canonical genome of a mask.</summary>
    /// <param name="depth">The index of the depth.</param>
    /// <param name="mask"><see cref="BitCount"/> bits; not changed.</param>
    public Genome Encode(int depth, ReadOnlySpan<bool> mask)
    {
        if (mask.Length != BitCount)
        {
            throw new ArgumentException($"The mask has {mask.Length} bits; the space has {BitCount}.", nameof(mask));
        }

        var canonical = mask.ToArray();
        Clear(depth, canonical);
        var genes = ImmutableArray.CreateBuilder<int>(Cardinalities.Length);
        genes.Add(depth);
        foreach (var section in Sections)
        {
            foreach (var word in Words(section))
            {
                var value = 0;
                for (var bit = 0; bit < word.Length; bit++)
                {
                    value |= canonical[word.Start + bit] ? 1 << bit : 0;
                }

                genes.Add(value);
            }
        }

        return new Genome(genes.MoveToImmutable());
    }

    /// <summary>The mask of a genome: <see cref="BitCount"/> bits, as they stand in it.</summary>
    /// <exception cref="ArgumentException">The genome is not of this space.</exception>
    public bool[] Read(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        var mask = new bool[BitCount];
        var gene = 1;
        foreach (var section in Sections)
        {
            foreach (var word in Words(section))
            {
                for (var bit = 0; bit < word.Length; bit++)
                {
                    mask[word.Start + bit] = ((genome.Genes[gene] >> bit) & 1) != 0;
                }

                gene++;
            }
        }

        return mask;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The genome is not of this space.</exception>
    public Genome Canonicalise(Genome genome)
    {
        var canonical = Encode(genome.Genes.IsDefaultOrEmpty ? 0 : genome.Genes[0], Read(genome));
        return canonical.Equals(genome) ? genome : canonical;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The genome is not of this space.</exception>
    public Architecture Decode(Genome genome) => Decode(Read(genome), genome.Genes[0]);

    /// <summary>What a mask means.</summary>
    /// <param name="mask"><see cref="BitCount"/> bits.</param>
    /// <param name="depth">The index of the depth.</param>
    public Architecture Decode(ReadOnlySpan<bool> mask, int depth)
    {
        var layers = ImmutableArray.CreateBuilder<LayerArchitecture>(_rank.Length);
        for (var layer = 0; layer < _rank.Length; layer++)
        {
            if (!Stays(layer, depth) || (_layers is { } all && !all.Of(mask)[layer]))
            {
                continue;
            }

            var shape = _configuration.Layers[layer];
            var groups = Selected(mask, layer, MaskPart.KvGroup, shape.KvHeadCount);
            var pairs = Selected(mask, layer, MaskPart.HeadPair, PairsOf(layer));
            var channels = Selected(mask, layer, MaskPart.MlpChannel, shape.IntermediateSize);
            var hasAttention = groups.Count > 0 && pairs.Count > 0;
            if (_layers is not null && !hasAttention && channels.Count == 0)
            {
                continue; // As in the canonical genome, where its bit is 0.
            }

            layers.Add(new LayerArchitecture(
                layer,
                hasAttention ? groups : ChannelSelection.Leading(0),
                channels,
                hasAttention && pairs.Count < PairsOf(layer) ? pairs : null));
        }

        return new Architecture(layers.ToImmutable());
    }

    /// <summary>Weights of the layers that a mask leaves: without embedding, last norm and head.</summary>
    /// <param name="mask"><see cref="BitCount"/> bits.</param>
    /// <param name="depth">The index of the depth.</param>
    public long BlockParameters(ReadOnlySpan<bool> mask, int depth)
    {
        var sum = 0L;
        for (var layer = 0; layer < _rank.Length; layer++)
        {
            if (Stays(layer, depth) && (_layers is not { } all || all.Of(mask)[layer]))
            {
                var shape = _configuration.Layers[layer];
                var groups = CountOf(mask, layer, MaskPart.KvGroup, shape.KvHeadCount);
                var pairs = CountOf(mask, layer, MaskPart.HeadPair, PairsOf(layer));
                sum += SizeOf(groups, pairs, CountOf(mask, layer, MaskPart.MlpChannel, shape.IntermediateSize));
            }
        }

        return sum;
    }

    /// <summary>Weights of a layer with so much left of it; a part that is gone takes its norm and bias with it.</summary>
    internal long SizeOf(int groups, int pairs, int channels)
    {
        var hidden = (long)_configuration.HiddenSize;
        var vectors = _configuration.HasOutputBiases ? 2 * hidden : hidden;
        var attention = groups == 0 || pairs == 0 ? 0 : (2L * pairs * groups * ((2 * _configuration.QueryHeadsPerKvHead) + 2) * hidden) + vectors;
        return attention + (channels == 0 ? 0 : (3L * channels * hidden) + vectors);
    }

    /// <summary>How many of a part of a layer there are when nothing is masked.</summary>
    internal int WholeOf(int layer, MaskPart part) => part switch
    {
        MaskPart.KvGroup => _configuration.Layers[layer].KvHeadCount,
        MaskPart.HeadPair => PairsOf(layer),
        MaskPart.MlpChannel => _configuration.Layers[layer].IntermediateSize,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "A layer has groups, pairs and channels."),
    };

    internal int LayerCount => _rank.Length;

    private int CountOf(ReadOnlySpan<bool> mask, int layer, MaskPart part, int whole) =>
        SectionOf(layer, part) is { } section ? section.Of(mask).Count(true) : whole;

    private ChannelSelection Selected(ReadOnlySpan<bool> mask, int layer, MaskPart part, int whole)
    {
        if (SectionOf(layer, part) is not { } section)
        {
            return ChannelSelection.Leading(whole);
        }

        var bits = section.Of(mask);
        var kept = ImmutableArray.CreateBuilder<int>(bits.Length);
        for (var i = 0; i < bits.Length; i++)
        {
            if (bits[i])
            {
                kept.Add(i);
            }
        }

        return ChannelSelection.Set(kept.ToImmutable());
    }

    private int PairsOf(int layer) => LlamaSpaceOptions.PairsOf(_configuration.Layers[layer], _configuration);

    private void Clear(int depth, Span<bool> mask)
    {
        for (var layer = 0; layer < _rank.Length; layer++)
        {
            var stays = Stays(layer, depth) && (_layers is not { } all || all.Of(mask)[layer]);
            var hasAttention = stays && CountOf(mask, layer, MaskPart.KvGroup, WholeOf(layer, MaskPart.KvGroup)) > 0
                && CountOf(mask, layer, MaskPart.HeadPair, WholeOf(layer, MaskPart.HeadPair)) > 0;
            if (!hasAttention)
            {
                Zero(layer, MaskPart.KvGroup, mask);
                Zero(layer, MaskPart.HeadPair, mask);
            }

            if (!stays)
            {
                Zero(layer, MaskPart.MlpChannel, mask);
            }

            var isEmpty = !hasAttention && CountOf(mask, layer, MaskPart.MlpChannel, WholeOf(layer, MaskPart.MlpChannel)) == 0;
            if (_layers is { } bits && (!Stays(layer, depth) || isEmpty))
            {
                bits.Of(mask)[layer] = false;
            }
        }
    }

    private void Zero(int layer, MaskPart part, Span<bool> mask)
    {
        if (SectionOf(layer, part) is { } section)
        {
            section.Of(mask).Clear();
        }
    }

    private static IEnumerable<(int Start, int Length)> Words(MaskSection section)
    {
        for (var first = 0; first < section.Length; first += WordBits)
        {
            yield return (section.Start + first, Math.Min(WordBits, section.Length - first));
        }
    }

    private BigInteger CountDistinct() => Depths
        .Select((_, depth) => Enumerable.Range(0, _rank.Length).Where(l => Stays(l, depth)).Aggregate(BigInteger.One, (product, layer) => product * StatesOf(layer)))
        .Aggregate(BigInteger.Zero, (sum, product) => sum + product);

    private BigInteger StatesOf(int layer)
    {
        var groups = SectionOf(layer, MaskPart.KvGroup);
        var pairs = SectionOf(layer, MaskPart.HeadPair);
        var mlp = SectionOf(layer, MaskPart.MlpChannel);
        var canLoseAttention = groups is not null || pairs is not null || WholeOf(layer, MaskPart.KvGroup) == 0;
        var attention = (NonEmpty(groups) * NonEmpty(pairs)) + (groups is not null || pairs is not null ? 1 : 0);
        var states = attention * (NonEmpty(mlp) + (mlp is null ? 0 : 1));
        var canBeEmpty = canLoseAttention && (mlp is not null || WholeOf(layer, MaskPart.MlpChannel) == 0);

        // Without the bit set there is one state more, unless the empty layer has become it.
        return _layers is null || canBeEmpty ? states : states + 1;

        static BigInteger NonEmpty(MaskSection? section) => section is { } s ? BigInteger.Pow(2, s.Length) - 1 : BigInteger.One;
    }
}
