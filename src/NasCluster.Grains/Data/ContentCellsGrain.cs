using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NasCluster.Contracts.Data;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Data;

/// <inheritdoc cref="IContentCellsGrain"/>
[StatelessWorker(4), Reentrant]
internal sealed class ContentCellsGrain(CellStorage storage) : Grain, IContentCellsGrain
{
    public async Task<ContentCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        ContentCellRules.CheckName(name);
        return await storage.OfContents.ReadAsync(name, cancellation) is { } cell
            ? new ContentCell(ImmutableCollectionsMarshal.AsImmutableArray(cell.Bytes.ToArray()), cell.Version)
            : null;
    }

    public async Task<string?> WriteAsync(string name, ImmutableArray<byte> bytes, string? version, CancellationToken cancellation)
    {
        ContentCellRules.Check(name, bytes.AsSpan());
        try
        {
            return await storage.OfContents.WriteAsync(name, bytes.AsMemory(), version, cancellation);
        }
        catch (StateCellConflictException)
        {
            return null;
        }
    }

    public async Task<bool> DeleteAsync(string name, string version, CancellationToken cancellation)
    {
        ContentCellRules.CheckDelete(name);
        try
        {
            await storage.OfContents.DeleteAsync(name, version, cancellation);
            return true;
        }
        catch (StateCellConflictException)
        {
            return false;
        }
    }
}
