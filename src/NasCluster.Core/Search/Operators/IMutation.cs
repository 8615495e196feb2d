using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.Operators;

/// <summary>Changes a genome a little.</summary>
internal interface IMutation
{
    /// <summary>Changes genes in place.</summary>
    /// <param name="genes">The genes.</param>
    /// <param name="cardinalities">How many values each gene has.</param>
    /// <param name="random">Where chance comes from; the order of draws is part of each operator's contract.</param>
    void Mutate(Span<int> genes, ImmutableArray<int> cardinalities, IRandomSource random);
}
