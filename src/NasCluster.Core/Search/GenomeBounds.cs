using System.Collections.Immutable;

namespace NasCluster.Core.Search;

/// <summary>Whether a genome has the genes a space asks for.</summary>
internal static class GenomeBounds
{
    /// <summary>What is wrong with a genome, as one sentence; null when nothing is.</summary>
    public static string? Problem(Genome genome, ImmutableArray<int> cardinalities)
    {
        if (genome.Genes.IsDefault || genome.Genes.Length != cardinalities.Length)
        {
            return $"has {(genome.Genes.IsDefault ? 0 : genome.Genes.Length)} genes; the space has {cardinalities.Length}.";
        }

        for (var gene = 0; gene < cardinalities.Length; gene++)
        {
            if ((uint)genome.Genes[gene] >= (uint)cardinalities[gene])
            {
                return $"has {genome.Genes[gene]} in gene {gene}; it must be in 0 to {cardinalities[gene] - 1}.";
            }
        }

        return null;
    }

    /// <exception cref="ArgumentException">The genome is not of the space.</exception>
    public static void Check(Genome genome, ImmutableArray<int> cardinalities)
    {
        if (Problem(genome, cardinalities) is { } problem)
        {
            throw new ArgumentException($"The genome {problem}", nameof(genome));
        }
    }
}
