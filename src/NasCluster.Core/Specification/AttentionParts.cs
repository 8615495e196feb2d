namespace NasCluster.Core.Specification;

/// <summary>What masks may take from a layer's attention.</summary>
public enum AttentionParts
{
    /// <summary>Rotary pairs of channels, the same in all heads of a layer (arXiv 2409.17372).</summary>
    Pairs,

    /// <summary>Whole KV groups (arXiv 2406.10576).</summary>
    Groups,

    /// <summary>Both.</summary>
    Both,

    /// <summary>Nothing.</summary>
    None,
}
