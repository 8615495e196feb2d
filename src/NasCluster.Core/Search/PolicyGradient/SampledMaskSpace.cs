using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Architectures;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>Masks drawn in the steps of a policy gradient, each to be scored on the batch of its step.</summary>
/// <remarks>
/// Genes: the step, the number of the mask within the step, then the genes of the <see cref="MaskSpace"/>. The same mask drawn twice is two
/// genomes, since it is scored on other data. The mask follows from probabilities, seed, step and number (see <see cref="MaskSampler"/>), and
/// the genome holds it, so whoever evaluates needs none of these.
/// </remarks>
public sealed class SampledMaskSpace : IArchitectureSpace
{
    private const int Own = 2;

    /// <summary>Makes the space.</summary>
    /// <param name="masks">What masks may take away.</param>
    /// <param name="steps">How many steps there are, at least 1.</param>
    /// <param name="samples">Masks drawn in a step, at least 1.</param>
    /// <param name="batches">Batches that the data have, at least 1; a step takes the one of its number, over and over.</param>
    public SampledMaskSpace(MaskSpace masks, int steps, int samples, int batches)
    {
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        Masks = masks;
        Steps = steps;
        Samples = samples;
        Batches = batches;
        Cardinalities = [steps, samples, .. masks.Cardinalities];
        DistinctCount = masks.DistinctCount * steps * samples;
    }

    /// <summary>What masks may take away.</summary>
    public MaskSpace Masks { get; }

    /// <summary>How many steps there are.</summary>
    public int Steps { get; }

    /// <summary>Masks drawn in a step.</summary>
    public int Samples { get; }

    /// <summary>Batches that the data have.</summary>
    public int Batches { get; }

    /// <inheritdoc/>
    public ImmutableArray<int> Cardinalities { get; }

    /// <inheritdoc/>
    public BigInteger DistinctCount { get; }

    /// <summary>The genome of a mask drawn in a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="sample">The number of the mask within it, from 0.</param>
    /// <param name="mask">The bits.</param>
    public Genome Encode(int step, int sample, ReadOnlySpan<bool> mask) => new([step, sample, .. Masks.Encode(Masks.Depths.Length - 1, mask).Genes]);

    /// <inheritdoc/>
    public Genome Canonicalise(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        return new Genome([genome.Genes[0], genome.Genes[1], .. Masks.Canonicalise(MaskOf(genome)).Genes]);
    }

    /// <inheritdoc/>
    public Architecture Decode(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        return Masks.Decode(MaskOf(genome));
    }

    /// <inheritdoc/>
    public int? BatchOf(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        return genome.Genes[0] % Batches;
    }

    private static Genome MaskOf(Genome genome) => new(genome.Genes[Own..]);
}
