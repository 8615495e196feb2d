using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Search;

namespace NasCluster.Core.Prediction;

/// <summary>Genomes as vectors of zeros and ones, a one per gene at its option, packed into 64 bits a word.</summary>
/// <remarks>
/// The inner product of two such vectors is the number of genes they share, and half their squared distance the number of genes in which
/// they differ: all that the kernels need, and integers. A dead gene of a canonical genome is 0, which costs no accuracy: what a layer
/// is worth while it lies beyond the depth can be told apart by the depth's own gene.
/// </remarks>
/// <param name="cardinalities">How many options each gene has.</param>
internal sealed class OneHotEncoding(ImmutableArray<int> cardinalities)
{
    private readonly int[] _offsets = Offsets(cardinalities);

    /// <summary>How many genes there are, which is how many ones each vector has.</summary>
    public int Genes => cardinalities.Length;

    /// <summary>Length of the vectors.</summary>
    public int Width { get; } = cardinalities.Sum();

    /// <summary>Words a vector takes.</summary>
    public int Words => (Width + 63) / 64;

    /// <summary>The vector of a genome.</summary>
    /// <param name="genome">Of the space.</param>
    /// <param name="bits">Takes it: <see cref="Words"/> words.</param>
    public void Encode(Genome genome, Span<ulong> bits)
    {
        bits.Clear();
        for (var gene = 0; gene < _offsets.Length; gene++)
        {
            var place = _offsets[gene] + genome.Genes[gene];
            bits[place >> 6] |= 1UL << place;
        }
    }

    /// <summary>How many ones two vectors share.</summary>
    public static int Shared(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        var shared = 0;
        for (var word = 0; word < left.Length; word++)
        {
            shared += BitOperations.PopCount(left[word] & right[word]);
        }

        return shared;
    }

    private static int[] Offsets(ImmutableArray<int> cardinalities)
    {
        var offsets = new int[cardinalities.Length];
        for (var gene = 1; gene < offsets.Length; gene++)
        {
            offsets[gene] = offsets[gene - 1] + cardinalities[gene - 1];
        }

        return offsets;
    }
}
