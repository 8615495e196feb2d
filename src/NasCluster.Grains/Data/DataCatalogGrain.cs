using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Data;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Data;

/// <inheritdoc cref="IDataCatalogGrain"/>
[Reentrant]
internal sealed partial class DataCatalogGrain(CellStorage storage, IContentStore contents, TimeProvider time, ILogger<DataCatalogGrain> logger) : Grain, IDataCatalogGrain
{
    private readonly JsonCell<StoredData[]> _cell = new(storage.OfCatalog, "data", schema: 1);
    private readonly JsonCell<ContentLedger> _ledgerCell = new(storage.OfCatalog, "contents", schema: 1);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private ImmutableArray<StoredData> _stored = [];
    private ContentLedger _ledger = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stored = [.. await _cell.ReadAsync(cancellationToken) ?? []];
        _ledger = await _ledgerCell.ReadAsync(cancellationToken) ?? new ContentLedger();
        this.RegisterGrainTimer(_ => FinishDeletionAsync(), new GrainTimerCreationOptions(TimeSpan.Zero, SweepInterval) { Interleave = true });
    }

    public async Task AddAsync(StoredData data, CancellationToken cancellation)
    {
        CatalogName.Parse(data.Name, NameOf(data.Kind));
        if ((await contents.FindMissingAsync([data.Hash], cancellation)).Count > 0)
        {
            throw new NasClusterException($"The content of '{data.Name}', SHA-256 {data.Hash}, is not stored whole.");
        }

        var parts = await PartsOfAsync(data, cancellation);
        if (data.Kind == StoredDataKind.SuperNetwork && Find(data.Kind, data.Name) is null)
        {
            // What is no super-network is refused here, and not when the first search wants it.
            data = data with { Fingerprint = await GrainFactory.GetGrain<IPreparationGrain>(0).IdentifyAsync(data.Hash, cancellation) };
        }

        await ChangeStoredAsync(
            stored =>
            {
                if (stored.FirstOrDefault(d => d.Kind == data.Kind && d.Name == data.Name) is { } known)
                {
                    return known.Hash == data.Hash ? stored : throw new NasClusterException($"'{data.Name}' is the name of another content already, SHA-256 {known.Hash}.");
                }

                // Only what every deletion since has known of is sure to have all its chunks.
                return parts.All(_ledger.Known.Contains) && _ledger.Deletion is null
                    ? stored.Add(data)
                    : throw new NasClusterException($"Some of '{data.Name}' may have been deleted while it was being stored. Store it again; what is there is not sent again.");
            },
            cancellation);
    }

    public Task<ImmutableArray<StoredData>> ListAsync(StoredDataKind kind, CancellationToken cancellation) =>
        Task.FromResult(_stored.Where(d => d.Kind == kind).OrderBy(d => d.Name, StringComparer.Ordinal).ToImmutableArray());

    public Task<StoredData?> FindAsync(StoredDataKind kind, string name, CancellationToken cancellation) => Task.FromResult(Find(kind, name));

    public async Task<long> HoldAsync(CancellationToken cancellation) => (await ChangeLedgerAsync(ledger => ledger.Hold(time.GetUtcNow()), cancellation)).LastHold;

    public Task RenewAsync(long hold, CancellationToken cancellation) => ChangeLedgerAsync(ledger => ledger.Renew(hold, time.GetUtcNow()), cancellation);

    public async Task<bool> ReleaseAsync(long hold, CancellationToken cancellation)
    {
        var isHeld = false;
        await ChangeLedgerAsync(
            ledger =>
            {
                isHeld = ledger.IsHeld(hold, time.GetUtcNow());
                return ledger.Release(hold, time.GetUtcNow());
            },
            cancellation);
        return isHeld;
    }

    public async Task<bool> AdmitAsync(string hash, CancellationToken cancellation)
    {
        var isKnown = false;
        await ChangeLedgerAsync(
            ledger =>
            {
                isKnown = ledger.Known.Contains(hash);
                return ledger.Admit(hash);
            },
            cancellation);
        return isKnown;
    }

    private StoredData? Find(StoredDataKind kind, string name) => _stored.FirstOrDefault(d => d.Kind == kind && d.Name == name);

    private static string NameOf(StoredDataKind kind) => kind == StoredDataKind.SuperNetwork ? "super-network" : "data set";

    /// <summary>Every content that a name means: of a super-network, its manifest and its files.</summary>
    private async Task<ImmutableArray<string>> PartsOfAsync(StoredData data, CancellationToken cancellation) => data.Kind == StoredDataKind.SuperNetwork
        ? [data.Hash, .. (await DirectoryContents.ReadManifestAsync(data.Hash, contents, cancellation)).Files.Select(f => f.Hash)]
        : [data.Hash];

    private async Task ChangeStoredAsync(Func<ImmutableArray<StoredData>, ImmutableArray<StoredData>> change, CancellationToken cancellation) => await WriteAsync(
        async () =>
        {
            var changed = change(_stored);
            if (changed != _stored)
            {
                await _cell.WriteAsync([.. changed], cancellation);
                _stored = changed;
            }
        },
        cancellation);

    private async Task<ContentLedger> ChangeLedgerAsync(Func<ContentLedger, ContentLedger> change, CancellationToken cancellation)
    {
        await WriteAsync(
            async () =>
            {
                var changed = change(_ledger);
                if (changed != _ledger)
                {
                    await _ledgerCell.WriteAsync(changed, cancellation);
                    _ledger = changed;
                }
            },
            cancellation);
        return _ledger;
    }

    private async Task WriteAsync(Func<Task> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await write();
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
}
