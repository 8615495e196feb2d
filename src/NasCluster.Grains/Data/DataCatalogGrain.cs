using System.Collections.Immutable;
using NasCluster.Contracts.Data;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Storage;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Data;

/// <inheritdoc cref="IDataCatalogGrain"/>
[Reentrant]
internal sealed class DataCatalogGrain(CellStorage storage, IContentStore contents) : Grain, IDataCatalogGrain
{
    private readonly JsonCell<StoredData[]> _cell = new(storage.OfCatalog, "data", schema: 1);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private ImmutableArray<StoredData> _stored = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => _stored = [.. await _cell.ReadAsync(cancellationToken) ?? []];

    public async Task AddAsync(StoredData data, CancellationToken cancellation)
    {
        CatalogName.Parse(data.Name, data.Kind == StoredDataKind.SuperNetwork ? "super-network" : "data set");
        if ((await contents.FindMissingAsync([data.Hash], cancellation)).Count > 0)
        {
            throw new NasClusterException($"The content of '{data.Name}', SHA-256 {data.Hash}, is not stored whole.");
        }

        if (data.Kind == StoredDataKind.SuperNetwork && Find(data.Kind, data.Name) is null)
        {
            // What is no super-network is refused here, and not when the first search wants it.
            data = data with { Fingerprint = await GrainFactory.GetGrain<IPreparationGrain>(0).IdentifyAsync(data.Hash, cancellation) };
        }

        await _writing.WaitAsync(cancellation);
        try
        {
            if (Find(data.Kind, data.Name) is { } known)
            {
                if (known.Hash != data.Hash)
                {
                    throw new NasClusterException($"'{data.Name}' is the name of another content already, SHA-256 {known.Hash}.");
                }

                return;
            }

            var changed = _stored.Add(data);
            await _cell.WriteAsync([.. changed], cancellation);
            _stored = changed;
        }
        catch (StateCellException)
        {
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task<ImmutableArray<StoredData>> ListAsync(StoredDataKind kind, CancellationToken cancellation) =>
        Task.FromResult(_stored.Where(d => d.Kind == kind).OrderBy(d => d.Name, StringComparer.Ordinal).ToImmutableArray());

    public Task<StoredData?> FindAsync(StoredDataKind kind, string name, CancellationToken cancellation) => Task.FromResult(Find(kind, name));

    private StoredData? Find(StoredDataKind kind, string name) => _stored.FirstOrDefault(d => d.Kind == kind && d.Name == name);
}
