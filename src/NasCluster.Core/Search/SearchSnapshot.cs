using System.Collections.Immutable;

namespace NasCluster.Core.Search;

/// <summary>A search's state as opaque bytes: written and read by Core only, stored by hosts.</summary>
/// <param name="Algorithm">Name of the algorithm that wrote it, such as <c>nsga2</c>.</param>
/// <param name="Version">Version of its layout.</param>
/// <param name="Bytes">The state.</param>
public sealed record SearchSnapshot(string Algorithm, int Version, ImmutableArray<byte> Bytes)
{
    /// <inheritdoc/>
    public bool Equals(SearchSnapshot? other) =>
        other is not null && Algorithm == other.Algorithm && Version == other.Version && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Algorithm, Version, Bytes.Length);
}
