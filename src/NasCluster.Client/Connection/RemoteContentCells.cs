using System.Runtime.InteropServices;
using NasCluster.Contracts.Data;
using NasCluster.Core.Storage;

namespace NasCluster.Client.Connection;

/// <summary>The cluster's content cells, as a content store on this side needs them: read and create.</summary>
internal sealed class RemoteContentCells(IContentCellsGrain cells) : IStateCells
{
    private const string Created = "created";

    public async ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        var bytes = await cells.ReadAsync(name, cancellation);
        return bytes.IsDefault ? null : new StateCell(bytes.AsMemory(), Created);
    }

    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation)
    {
        if (version is not null)
        {
            throw new NotSupportedException("Contents never change.");
        }

        return await cells.CreateAsync(name, ImmutableCollectionsMarshal.AsImmutableArray(bytes.ToArray()), cancellation)
            ? Created
            : throw new StateCellConflictException($"Cell {name} is there already.");
    }

    public ValueTask DeleteAsync(string name, string version, CancellationToken cancellation) => throw new NotSupportedException("Contents are never deleted from here.");
}
