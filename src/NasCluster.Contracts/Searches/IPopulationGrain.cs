using System.Collections.Immutable;
using NasCluster.Contracts.Evaluators;
using NasCluster.Core.Control;
using Orleans.Concurrency;

namespace NasCluster.Contracts.Searches;

/// <summary>Runs one search: asks it for trials, hands them to evaluators, records what comes back. The key is the search's name.</summary>
/// <remarks>Every call may be repeated; what was done before is not done again.</remarks>
public interface IPopulationGrain : IGrainWithStringKey
{
    /// <summary>Takes a new search in. Durable when it returns.</summary>
    /// <exception cref="Core.NasClusterException">There is another search of that name, or it cannot be run.</exception>
    Task StartAsync(SearchDefinition definition, CancellationToken cancellation);

    /// <summary>Makes sure that the search is being carried out, wherever it was when its silo died.</summary>
    /// <returns>Where it stands.</returns>
    [ResponseTimeout("00:00:05")]
    Task<SearchStanding> KeepGoingAsync(CancellationToken cancellation);

    /// <summary>Dispatches nothing more until resumed; what is out is still recorded.</summary>
    Task PauseAsync(CancellationToken cancellation);

    /// <summary>Goes on after a pause or a stop.</summary>
    Task ResumeAsync(CancellationToken cancellation);

    /// <summary>Takes back what is out, saves what was reported and ends; <see cref="ResumeAsync"/> goes on.</summary>
    Task StopAsync(CancellationToken cancellation);

    /// <summary>Stops the search and deletes everything recorded of it.</summary>
    Task DeleteAsync(CancellationToken cancellation);

    /// <summary>How far it has come.</summary>
    /// <exception cref="Core.NasClusterException">There is no such search.</exception>
    [ResponseTimeout("00:00:10")] // Watchers ask again, and the silo asked may have died.
    Task<SearchProgress> GetProgressAsync(CancellationToken cancellation);

    /// <summary>In which order its network's parts are kept; null when no stage has measured that, or none yet.</summary>
    /// <exception cref="Core.NasClusterException">There is no such search.</exception>
    [ResponseTimeout("00:00:10")]
    Task<SearchOrders?> GetOrdersAsync(CancellationToken cancellation);

    /// <summary>An evaluator reports outcomes of a lease.</summary>
    /// <returns>Whether the search is carried out here; false when it has ended or never began, and nobody wants the outcomes.</returns>
    [ResponseTimeout("00:00:10")]
    Task<bool> ReportAsync(LeaseId lease, ImmutableArray<TrialReport> reports, CancellationToken cancellation);

    /// <summary>An evaluator is still working on a lease.</summary>
    [OneWay]
    Task RenewAsync(LeaseId lease);

    /// <summary>An evaluator has dropped a lease and is free.</summary>
    [ResponseTimeout("00:00:10")]
    Task ReleaseAsync(LeaseId lease, CancellationToken cancellation);

    /// <summary>The directory has other evaluators for the search than it was told last; it should enlist again.</summary>
    [OneWay]
    Task LoansChangedAsync();
}
