using System.Runtime.InteropServices;
using NasCluster.Contracts.Data;
using NasCluster.Core.Storage;

namespace NasCluster.Client.Connection;

/// <summary>The cluster's content cells, as a content store on this side needs them.</summary>
internal sealed class RemoteContentCells(IContentCellsGrain cells) : IStateCells
{
    public async ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation) =>
        await cells.ReadAsync(name, cancellation) is { } cell ? new StateCell(cell.Bytes.AsMemory(), cell.Version) : null;

    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation) =>
        await cells.WriteAsync(name, ImmutableCollectionsMarshal.AsImmutableArray(bytes.ToArray()), version, cancellation) ?? throw Changed(name);

    public async ValueTask DeleteAsync(string name, string version, CancellationToken cancellation)
    {
        if (!await cells.DeleteAsync(name, version, cancellation))
        {
            throw Changed(name);
        }
    }

    private static StateCellConflictException Changed(string name) => new($"Cell {name} has been changed by somebody else.");
}
