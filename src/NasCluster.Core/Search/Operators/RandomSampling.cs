using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Operators;

/// <summary>Genomes drawn gene by gene.</summary>
internal static class RandomSampling
{
    /// <summary>A genome, each gene uniform over its values, one draw per gene.</summary>
    /// <remarks>
    /// Uniform over genes and not over distinct architectures: of those of LLaMA2-7B's space 94 % have the full depth,
    /// and a first population of them would hardly see the other depths.
    /// </remarks>
    public static Genome Sample(ImmutableArray<int> cardinalities, IRandomSource random)
    {
        var genes = ImmutableArray.CreateBuilder<int>(cardinalities.Length);
        foreach (var cardinality in cardinalities)
        {
            genes.Add(random.NextInt(cardinality));
        }

        return new Genome(genes.MoveToImmutable());
    }
}
