namespace NasCluster.Core.Specification;

/// <summary>Of which device a latency table may be.</summary>
public enum TableDevice
{
    /// <summary>Of the engine, number format and device that the search runs on: predictions stand for what would be measured here.</summary>
    This,

    /// <summary>Of any: networks are searched here for another device.</summary>
    Any,
}
