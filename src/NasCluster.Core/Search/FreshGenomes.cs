using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Operators;

namespace NasCluster.Core.Search;

/// <summary>Random genomes that were never proposed before, however few are left.</summary>
internal sealed class FreshGenomes(ISearchSpace space, TrialBook book, IRandomSource random)
{
    /// <summary>
    /// When so many samples in a row are known, nearly everything the sampling can reach was proposed, which a search's memory allows
    /// in small spaces only; walking through those is cheap.
    /// </summary>
    private const int Samples = 1000;

    /// <summary>A canonical genome the book does not have. The book has not all there are.</summary>
    public Genome Next()
    {
        for (var i = 0; i < Samples; i++)
        {
            var genome = space.Canonicalise(RandomSampling.Sample(space.Cardinalities, random));
            if (!book.Contains(genome))
            {
                return genome;
            }
        }

        return NextInOrder(RandomSampling.Sample(space.Cardinalities, random));
    }

    /// <summary>The first unknown genome met when counting up, the last gene fastest, from a random start and once around.</summary>
    private Genome NextInOrder(Genome start)
    {
        int[] genes = [.. start.Genes];
        do
        {
            var genome = space.Canonicalise(new Genome([.. genes]));
            if (!book.Contains(genome))
            {
                return genome;
            }

            Increment(genes, space.Cardinalities);
        }
        while (!genes.AsSpan().SequenceEqual(start.Genes.AsSpan()));
        throw new InvalidOperationException($"The space counts {space.DistinctCount} genomes, but only {book.Count} were found.");
    }

    private static void Increment(int[] genes, ImmutableArray<int> cardinalities)
    {
        for (var gene = genes.Length - 1; gene >= 0; gene--)
        {
            if (++genes[gene] < cardinalities[gene])
            {
                return;
            }

            genes[gene] = 0;
        }
    }
}
