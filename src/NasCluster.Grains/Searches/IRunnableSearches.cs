using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Grains.Searches;

/// <summary>Reads what preparation left.</summary>
public interface IRunnableSearches
{
    /// <summary>What a search is, though it cannot be run before <see cref="OpenAsync"/>.</summary>
    /// <exception cref="NasClusterException">It makes no sense, or a newer silo prepared it.</exception>
    IRunnableSearch Read(string prepared);

    /// <summary>A search to be run, with what its stages have stored.</summary>
    /// <exception cref="NasClusterException">It makes no sense, a newer silo prepared it, or what is stored is damaged.</exception>
    /// <exception cref="Core.Storage.StateCellException">Storage did not answer.</exception>
    Task<IRunnableSearch> OpenAsync(string prepared, CancellationToken cancellation);
}

/// <summary>A stage to be carried out by a <see cref="Contracts.Searches.IStageGrain"/>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Prepared">All that is needed to carry it out.</param>
public sealed record RunnableStage(string Name, string Prepared);

/// <summary>A prepared search as its controller needs it; no weights and no data are loaded.</summary>
public interface IRunnableSearch
{
    /// <summary>What it weighs against each other.</summary>
    ImmutableArray<Objective> Objectives { get; }

    /// <summary>How many evaluations it makes.</summary>
    long EvaluationCount { get; }

    /// <summary>Its super-network, as <see cref="SuperNetworkInfo.ScoringIdentity"/>: only who holds this one gives its scores.</summary>
    string SuperNetwork { get; }

    /// <summary>What decides the results besides the specification, by name.</summary>
    ImmutableSortedDictionary<string, string> Provenance { get; }

    /// <summary>The super-network's shape.</summary>
    LlamaConfiguration Configuration { get; }

    /// <summary>Whether outcomes may be remembered across searches; not those that are measured.</summary>
    bool IsRepeatable { get; }

    /// <summary>The stage it needs before it can be run; null when it needs none.</summary>
    RunnableStage? NextStage { get; }

    /// <summary>In which order its network's parts are kept; null when no stage has measured that, or it was only read.</summary>
    MeasuredOrders? Orders { get; }

    /// <summary>The same search, prepared, after its next stage.</summary>
    /// <param name="content">SHA-256 of what the stage has stored.</param>
    string After(string content);

    /// <summary>The stage after the search; null where there is none.</summary>
    /// <param name="outcomes">All outcomes of the search.</param>
    /// <exception cref="NasClusterException">There is none among them to go on with.</exception>
    RunnableStage? LastStage(IReadOnlyList<OutcomeRecord> outcomes);

    /// <summary>The search: a new one given null, else one restored.</summary>
    /// <exception cref="NasClusterException">The snapshot is not of this search.</exception>
    ISearch CreateSearch(SearchSnapshot? snapshot);

    /// <summary>The key a genome's outcome is recorded under.</summary>
    EvaluationKey KeyOf(Genome genome);

    /// <summary>What scores its front, and beside it the whole network, on data that the search never saw, prepared to be run as a search of its own; null when nothing is kept apart.</summary>
    /// <param name="front">The front's genomes, at least one.</param>
    string? PrepareReport(IEnumerable<Genome> front);
}
