using System.Collections.Immutable;

namespace NasCluster.Contracts.Data;

/// <summary>What is stored by name: super-networks and data. There is one, with key 0.</summary>
public interface IDataCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Gives a stored content a name; the name must be free, or mean the same content.</summary>
    /// <exception cref="Core.NasClusterException">The name is taken or malformed, or the content is not stored whole.</exception>
    Task AddAsync(StoredData data, CancellationToken cancellation);

    /// <summary>Takes a name away, and deletes what it meant as far as nothing else means it; that goes on after the call.</summary>
    /// <exception cref="Core.NasClusterException">
    /// There is no such name, a search that may go on needs it, or somebody is storing contents or starting a search.
    /// </exception>
    Task DeleteAsync(StoredDataKind kind, string name, CancellationToken cancellation);

    /// <summary>Keeps every content from being deleted while somebody stores some, or starts a search on some.</summary>
    /// <returns>The hold, to be renewed every minute or so, and released.</returns>
    /// <exception cref="Core.Storage.Contents.ContentDeletionException">Some are being deleted now.</exception>
    Task<long> HoldAsync(CancellationToken cancellation);

    /// <summary>Goes on with a hold.</summary>
    /// <exception cref="Core.NasClusterException">It ended for want of renewal.</exception>
    Task RenewAsync(long hold, CancellationToken cancellation);

    /// <summary>Ends a hold.</summary>
    /// <returns>Whether it had lasted until now; if not, what was relied on meanwhile may be gone.</returns>
    Task<bool> ReleaseAsync(long hold, CancellationToken cancellation);

    /// <summary>A content is about to be stored.</summary>
    /// <returns>Whether what is there of it may be relied on.</returns>
    /// <exception cref="Core.Storage.Contents.ContentDeletionException">Contents are being deleted now.</exception>
    Task<bool> AdmitAsync(string hash, CancellationToken cancellation);

    /// <summary>Everything of a kind, by name.</summary>
    Task<ImmutableArray<StoredData>> ListAsync(StoredDataKind kind, CancellationToken cancellation);

    /// <summary>What a name means; null when it means nothing.</summary>
    Task<StoredData?> FindAsync(StoredDataKind kind, string name, CancellationToken cancellation);
}
