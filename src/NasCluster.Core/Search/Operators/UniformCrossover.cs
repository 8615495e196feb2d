using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Operators;

/// <summary>Uniform crossover (Syswerda 1989): the parents exchange single genes, which suits choices without an order.</summary>
/// <remarks>Draws: one for the pair; then one for every gene.</remarks>
/// <param name="probability">That a pair is crossed at all.</param>
/// <param name="geneProbability">That a gene of a crossed pair is exchanged.</param>
internal sealed class UniformCrossover(double probability, double geneProbability) : ICrossover
{
    public void Cross(Span<int> first, Span<int> second, ImmutableArray<int> cardinalities, IRandomSource random)
    {
        if (!random.NextBoolean(probability))
        {
            return;
        }

        for (var gene = 0; gene < first.Length; gene++)
        {
            if (random.NextBoolean(geneProbability))
            {
                (first[gene], second[gene]) = (second[gene], first[gene]);
            }
        }
    }
}
