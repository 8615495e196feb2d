namespace NasCluster.Core.Specification;

/// <summary>What a candidate of a search says.</summary>
public enum SpaceKind
{
    /// <summary>How many layers stay, and how many channels of each: the most important ones, or the leading ones.</summary>
    Widths,

    /// <summary>How many layers stay, and which channels of each.</summary>
    Masks,
}
