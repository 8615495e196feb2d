using System.Collections.Immutable;

namespace NasCluster.Contracts.Data;

/// <summary>The cells that hold contents by hash, for those outside the silos: clients build a content store over it.</summary>
/// <remarks>Only cells of contents, and only with what their names say, so that no client can spoil what others read.</remarks>
public interface IContentCellsGrain : IGrainWithIntegerKey
{
    /// <summary>A cell; null when there is none of that name.</summary>
    /// <exception cref="Core.NasClusterException">The name is no content's.</exception>
    Task<ContentCell?> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>Creates a cell, or replaces one of a version.</summary>
    /// <returns>The new version; null when the cell has another version, or exists.</returns>
    /// <exception cref="Core.NasClusterException">The name is no content's, or the bytes are not what the name says.</exception>
    Task<string?> WriteAsync(string name, ImmutableArray<byte> bytes, string? version, CancellationToken cancellation);

    /// <summary>Deletes the mark of an upload.</summary>
    /// <returns>Whether it was deleted; false when it has another version.</returns>
    /// <exception cref="Core.NasClusterException">The name is none of a mark.</exception>
    Task<bool> DeleteAsync(string name, string version, CancellationToken cancellation);
}

/// <summary>A cell of a content.</summary>
/// <param name="Bytes">What it holds.</param>
/// <param name="Version">Which version of the cell this is.</param>
[GenerateSerializer, Immutable]
public sealed record ContentCell([property: Id(0)] ImmutableArray<byte> Bytes, [property: Id(1)] string Version);
