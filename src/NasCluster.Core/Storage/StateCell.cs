namespace NasCluster.Core.Storage;

/// <summary>What a cell holds.</summary>
/// <param name="Bytes">Its bytes; the reader must not change them.</param>
/// <param name="Version">Which version of the cell this is, as storage names it.</param>
public sealed record StateCell(ReadOnlyMemory<byte> Bytes, string Version);
