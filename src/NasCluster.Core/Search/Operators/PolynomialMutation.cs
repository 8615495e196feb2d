using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Operators;

/// <summary>
/// Polynomial mutation in its bounded form (Deb and Goyal 1996; Deb's NSGA-II, 2002), computed on reals and rounded to integers.
/// </summary>
/// <remarks>
/// <para>
/// Draws: one for the genome; then, if it is mutated, one for every gene with a choice to decide whether it mutates, and if it does
/// one for how far.
/// </para>
/// <para>
/// On a gene of few choices the perturbation nearly always rounds to nothing: with two choices and eta 20, once in four million draws.
/// So, unless told otherwise, a gene that mutates moves at least one step: to the side that was drawn, or away from the bound it stands at.
/// A gene with two choices is then simply flipped, and the per-gene rate means what it says.
/// </para>
/// </remarks>
/// <param name="probability">That a genome is mutated at all.</param>
/// <param name="geneProbability">That a gene of a mutated genome mutates; null: 1 / (number of genes with a choice).</param>
/// <param name="eta">Distribution index: the higher, the smaller the steps.</param>
/// <param name="alwaysMoves">Whether a gene that mutates moves at least one step.</param>
internal sealed class PolynomialMutation(double probability, double? geneProbability, double eta, bool alwaysMoves) : IMutation
{
    public void Mutate(Span<int> genes, ImmutableArray<int> cardinalities, IRandomSource random)
    {
        if (!random.NextBoolean(probability))
        {
            return;
        }

        var rate = geneProbability ?? 1.0 / Math.Max(1, cardinalities.Count(c => c > 1));
        for (var gene = 0; gene < genes.Length; gene++)
        {
            if (cardinalities[gene] > 1 && random.NextBoolean(rate))
            {
                genes[gene] = Move(genes[gene], cardinalities[gene] - 1, random.NextDouble());
            }
        }
    }

    private int Move(int value, int upper, double u)
    {
        // A step down for u below a half, else up, as a share of the whole range.
        var down = u < 0.5;
        var room = 1 - ((double)(down ? value : upper - value) / upper);
        var power = eta + 1;
        var step = down
            ? Math.Pow((2 * u) + ((1 - (2 * u)) * Math.Pow(room, power)), 1 / power) - 1
            : 1 - Math.Pow((2 * (1 - u)) + ((2 * (u - 0.5)) * Math.Pow(room, power)), 1 / power);
        var moved = Math.Clamp((int)Math.Floor(value + (step * upper) + 0.5), 0, upper);
        if (moved != value || !alwaysMoves)
        {
            return moved;
        }

        var towards = down ? value - 1 : value + 1;
        return towards < 0 ? 1 : towards > upper ? upper - 1 : towards;
    }
}
