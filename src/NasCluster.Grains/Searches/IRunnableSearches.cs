using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Grains.Searches;

/// <summary>Reads what preparation left.</summary>
public interface IRunnableSearches
{
    /// <summary>A search to be run.</summary>
    /// <exception cref="NasClusterException">It makes no sense, or a newer silo prepared it.</exception>
    IRunnableSearch Read(string prepared);
}

/// <summary>A prepared search as its controller needs it; no weights and no data are loaded.</summary>
public interface IRunnableSearch
{
    /// <summary>What it weighs against each other.</summary>
    ImmutableArray<Objective> Objectives { get; }

    /// <summary>How many evaluations it makes.</summary>
    long EvaluationCount { get; }

    /// <summary>Fingerprint of its super-network.</summary>
    string SuperNetwork { get; }

    /// <summary>What decides the results besides the specification, by name.</summary>
    ImmutableSortedDictionary<string, string> Provenance { get; }

    /// <summary>The super-network's shape.</summary>
    LlamaConfiguration Configuration { get; }

    /// <summary>Whether outcomes may be remembered across searches; not those that are measured.</summary>
    bool IsRepeatable { get; }

    /// <summary>The search: a new one given null, else one restored.</summary>
    /// <exception cref="NasClusterException">The snapshot is not of this search.</exception>
    ISearch CreateSearch(SearchSnapshot? snapshot);

    /// <summary>The key a genome's outcome is recorded under.</summary>
    EvaluationKey KeyOf(Genome genome);

    /// <summary>What scores its front, and beside it the whole network, on data that the search never saw, prepared to be run as a search of its own; null when nothing is kept apart.</summary>
    /// <param name="front">The front's genomes, at least one.</param>
    string? PrepareReport(IEnumerable<Genome> front);
}
