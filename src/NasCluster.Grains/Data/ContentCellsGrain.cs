using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NasCluster.Contracts.Data;
using NasCluster.Core.Storage;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Data;

/// <inheritdoc cref="IContentCellsGrain"/>
[StatelessWorker(4), Reentrant]
internal sealed class ContentCellsGrain(CellStorage storage) : Grain, IContentCellsGrain
{
    public async Task<ImmutableArray<byte>> ReadAsync(string name, CancellationToken cancellation)
    {
        ContentCells.CheckName(name);
        return await storage.OfContents.ReadAsync(name, cancellation) is { } cell ? ImmutableCollectionsMarshal.AsImmutableArray(cell.Bytes.ToArray()) : default;
    }

    public async Task<bool> CreateAsync(string name, ImmutableArray<byte> bytes, CancellationToken cancellation)
    {
        ContentCells.Check(name, bytes.AsSpan());
        try
        {
            await storage.OfContents.WriteAsync(name, bytes.AsMemory(), version: null, cancellation);
            return true;
        }
        catch (StateCellConflictException)
        {
            return false;
        }
    }
}
