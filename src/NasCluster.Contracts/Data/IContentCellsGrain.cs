using System.Collections.Immutable;

namespace NasCluster.Contracts.Data;

/// <summary>The cells that hold contents by hash, for those outside the silos: clients build a content store over it.</summary>
/// <remarks>Cells are created and read, never replaced or deleted, and only under names that say what is in them.</remarks>
public interface IContentCellsGrain : IGrainWithIntegerKey
{
    /// <summary>A cell's bytes; default when there is no such cell.</summary>
    /// <exception cref="Core.NasClusterException">The name is no content's.</exception>
    Task<ImmutableArray<byte>> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>Creates a cell.</summary>
    /// <returns>Whether it was created; false when it was there already.</returns>
    /// <exception cref="Core.NasClusterException">The name is no content's, or the bytes are not what the name says.</exception>
    Task<bool> CreateAsync(string name, ImmutableArray<byte> bytes, CancellationToken cancellation);
}
