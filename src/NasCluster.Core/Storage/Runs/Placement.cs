namespace NasCluster.Core.Storage.Runs;

/// <summary>A cell to be put in place before the write that makes it part of the run.</summary>
internal sealed class Placement(string name, byte[] bytes, string? version)
{
    public string Name { get; } = name;

    public byte[] Bytes { get; } = bytes;

    /// <summary>What the cell's version is thought to be; once placed, what it is.</summary>
    public string? Version { get; set; } = version;

    public bool IsDone { get; set; }
}
