using System.Collections.Immutable;
using System.Numerics;
using NasCluster.Core.Architectures;

namespace NasCluster.Core.Search;

/// <summary>The genomes a search may propose.</summary>
public interface ISearchSpace
{
    /// <summary>How many options each gene has, at least 1; gene i takes 0 to Cardinalities[i] - 1.</summary>
    ImmutableArray<int> Cardinalities { get; }

    /// <summary>How many genomes are canonical, exactly.</summary>
    BigInteger DistinctCount { get; }

    /// <summary>The one genome that stands for all that mean the same: dead genes are zeroed.</summary>
    /// <remarks>Idempotent.</remarks>
    Genome Canonicalise(Genome genome);
}

/// <summary>A space whose genomes mean architectures.</summary>
public interface IArchitectureSpace : ISearchSpace
{
    /// <summary>What a genome means; equal for genomes with the same canonical form.</summary>
    Architecture Decode(Genome genome);
}
