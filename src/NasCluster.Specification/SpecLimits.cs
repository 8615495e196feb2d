namespace NasCluster.Specification;

/// <summary>Bounds on what the reader takes, so that a hostile file costs little. All are far above what a search needs.</summary>
public static class SpecLimits
{
    /// <summary>Longest file, in bytes (and in characters of text).</summary>
    public const int Length = 256 * 1024;

    /// <summary>Deepest nesting.</summary>
    public const int Depth = 12;

    /// <summary>Most scalars, lists and mappings together.</summary>
    public const int Nodes = 10_000;

    /// <summary>Most problems listed; what more there are is counted only.</summary>
    public const int Problems = 100;
}
