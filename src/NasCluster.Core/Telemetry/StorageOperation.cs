namespace NasCluster.Core.Telemetry;

/// <summary>What storage is asked to do.</summary>
public enum StorageOperation
{
    /// <summary>Read a cell.</summary>
    Read,

    /// <summary>Write a cell.</summary>
    Write,

    /// <summary>Delete a cell.</summary>
    Delete,

    /// <summary>Find out which contents are missing.</summary>
    Find,

    /// <summary>Store a content.</summary>
    Put,

    /// <summary>Open a content.</summary>
    Open,
}
