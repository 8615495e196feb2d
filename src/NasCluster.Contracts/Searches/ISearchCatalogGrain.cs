using System.Collections.Immutable;

namespace NasCluster.Contracts.Searches;

/// <summary>Knows every search of the cluster by name, and keeps those going that should go. There is one, with key 0.</summary>
public interface ISearchCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a search in; its name must be free, unless it is the same search sent again.</summary>
    /// <exception cref="Core.NasClusterException">The name is taken or malformed.</exception>
    Task StartAsync(SearchDefinition definition, CancellationToken cancellation);

    /// <summary>All searches, the latest started first.</summary>
    [ResponseTimeout("00:00:10")] // Watchers ask again, and the silo asked may have died.
    Task<ImmutableArray<SearchSummary>> ListAsync(CancellationToken cancellation);

    /// <summary>A search stands elsewhere now.</summary>
    Task StateChangedAsync(string name, SearchState state, string? reason, CancellationToken cancellation);

    /// <summary>Deletes a search and everything recorded of it.</summary>
    /// <exception cref="Core.NasClusterException">There is no such search.</exception>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Makes sure that every search that should go is carried out somewhere. Called regularly by every silo.</summary>
    [ResponseTimeout("00:00:05")]
    Task KeepGoingAsync(CancellationToken cancellation);
}
