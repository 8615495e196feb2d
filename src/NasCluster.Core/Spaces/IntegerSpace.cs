using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Search;

namespace NasCluster.Core.Spaces;

/// <summary>Plain integers: every gene is always alive, so every genome is canonical.</summary>
public sealed class IntegerSpace : ISearchSpace
{
    /// <summary>Makes a space.</summary>
    /// <param name="cardinalities">How many values each gene takes; at least one gene, each with at least one value.</param>
    /// <exception cref="ArgumentException">There is no gene, or a gene has no value.</exception>
    public IntegerSpace(ImmutableArray<int> cardinalities)
    {
        if (cardinalities.IsDefaultOrEmpty)
        {
            throw new ArgumentException("There are no genes; a space has at least one.", nameof(cardinalities));
        }

        for (var gene = 0; gene < cardinalities.Length; gene++)
        {
            if (cardinalities[gene] < 1)
            {
                throw new ArgumentException(
                    $"Gene {gene} has {cardinalities[gene]} values; it must have at least 1.", nameof(cardinalities));
            }
        }

        Cardinalities = cardinalities;
        DistinctCount = cardinalities.Aggregate(BigInteger.One, (product, cardinality) => product * cardinality);
    }

    /// <inheritdoc/>
    public ImmutableArray<int> Cardinalities { get; }

    /// <inheritdoc/>
    public BigInteger DistinctCount { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The genome is not of this space.</exception>
    public Genome Canonicalise(Genome genome)
    {
        GenomeBounds.Check(genome, Cardinalities);
        return genome;
    }
}
