namespace NasCluster.Core.Specification;

/// <summary>How the weights that stay make up for the channels that went (arXiv 2409.17372, section 3.4).</summary>
public enum RepairName
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Least squares, solved exactly.</summary>
    Exact,

    /// <summary>Least squares by the alternating direction method of multipliers, as in the paper.</summary>
    Admm,

    /// <summary>A bias that makes up for the mean of what went (FLAP, arXiv 2312.11983).</summary>
    Bias,
}
