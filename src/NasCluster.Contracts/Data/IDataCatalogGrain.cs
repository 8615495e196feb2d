using System.Collections.Immutable;

namespace NasCluster.Contracts.Data;

/// <summary>What is stored by name: super-networks and data. There is one, with key 0.</summary>
public interface IDataCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Gives a stored content a name; the name must be free, or mean the same content.</summary>
    /// <exception cref="Core.NasClusterException">The name is taken or malformed, or the content is not stored whole.</exception>
    Task AddAsync(StoredData data, CancellationToken cancellation);

    /// <summary>Everything of a kind, by name.</summary>
    Task<ImmutableArray<StoredData>> ListAsync(StoredDataKind kind, CancellationToken cancellation);

    /// <summary>What a name means; null when it means nothing.</summary>
    Task<StoredData?> FindAsync(StoredDataKind kind, string name, CancellationToken cancellation);
}
