using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Operators;

/// <summary>Turns two parents into two children.</summary>
internal interface ICrossover
{
    /// <summary>Changes two copies of the parents into the children, in place.</summary>
    /// <param name="first">Genes of one parent.</param>
    /// <param name="second">Genes of the other, as many.</param>
    /// <param name="cardinalities">How many values each gene has.</param>
    /// <param name="random">Where chance comes from; the order of draws is part of each operator's contract.</param>
    void Cross(Span<int> first, Span<int> second, ImmutableArray<int> cardinalities, IRandomSource random);
}
