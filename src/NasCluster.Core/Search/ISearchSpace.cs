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

    /// <summary>
    /// The batch of the search's text that a genome is scored on: a number from 0, of which the evaluator makes a portion of the text;
    /// null, as nearly always, for all of the data.
    /// </summary>
    int? BatchOf(Genome genome) => null;

    /// <summary>What is to be evaluated for a genome.</summary>
    Candidate CandidateOf(Genome genome) => new(Decode(genome), BatchOf(genome));
}
