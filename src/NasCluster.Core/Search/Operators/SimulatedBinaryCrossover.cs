using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Operators;

/// <summary>
/// Simulated binary crossover (Deb and Agrawal 1995) in its bounded form (Deb's NSGA-II, 2002), computed on reals and rounded to integers.
/// </summary>
/// <remarks>
/// Draws: one for the pair; then for every gene one to decide whether it takes part; then, if it does and the parents differ there,
/// one for the spread and one for which child gets the lower value (below 0.5: the second child).
/// </remarks>
/// <param name="probability">That a pair is crossed at all.</param>
/// <param name="geneProbability">That a gene of a crossed pair takes part.</param>
/// <param name="eta">Distribution index: the higher, the nearer the children are to the parents.</param>
internal sealed class SimulatedBinaryCrossover(double probability, double geneProbability, double eta) : ICrossover
{
    public void Cross(Span<int> first, Span<int> second, ImmutableArray<int> cardinalities, IRandomSource random)
    {
        if (!random.NextBoolean(probability))
        {
            return;
        }

        for (var gene = 0; gene < first.Length; gene++)
        {
            if (!random.NextBoolean(geneProbability) || first[gene] == second[gene])
            {
                continue;
            }

            var upper = cardinalities[gene] - 1;
            var low = Math.Min(first[gene], second[gene]);
            var high = Math.Max(first[gene], second[gene]);
            var u = random.NextDouble();
            var middle = 0.5 * (low + high);
            double distance = high - low;

            // The nearer a bound is to its parent, the narrower the spread on that side, so that no child lies outside.
            var lower = ToGene(middle - (0.5 * distance * Spread(u, 1 + (2.0 * low / distance))), upper);
            var higher = ToGene(middle + (0.5 * distance * Spread(u, 1 + (2.0 * (upper - high) / distance))), upper);
            (first[gene], second[gene]) = random.NextBoolean(0.5) ? (higher, lower) : (lower, higher);
        }
    }

    /// <summary>Beta-bar of the bounded form: the factor by which children lie further apart than their parents.</summary>
    /// <param name="u">The draw.</param>
    /// <param name="beta">The greatest factor the bound allows.</param>
    private double Spread(double u, double beta)
    {
        var alpha = 2 - Math.Pow(beta, -(eta + 1));
        var spread = u <= 1 / alpha ? u * alpha : 1 / (2 - (u * alpha));
        return Math.Pow(spread, 1 / (eta + 1));
    }

    private static int ToGene(double value, int upper) => Math.Clamp((int)Math.Floor(value + 0.5), 0, upper);
}
