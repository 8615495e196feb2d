namespace NasCluster.Grains.Storage;

/// <summary>What grain storage keeps of a cell: its bytes and nothing else.</summary>
/// <remarks>Versions and checks of what the bytes mean are the domain's, so that no storage serialiser ever has to understand them.</remarks>
public sealed class CellState
{
    /// <summary>The cell's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }
}
