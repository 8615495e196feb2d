namespace NasCluster.Core.Specification;

/// <summary>The measures of how much channels, groups and layers matter.</summary>
public enum ImportanceName
{
    /// <summary>Not measured; what is kept first is in the order of the weights.</summary>
    None,

    /// <summary>The norm of the weights.</summary>
    Magnitude,

    /// <summary>The norm of weights times inputs (arXiv 2306.11695).</summary>
    Wanda,

    /// <summary>The fluctuation of inputs times the norm of weights (FLAP, arXiv 2312.11983).</summary>
    Wifv,

    /// <summary>Squared weights over the diagonal of the inverse Hessian (arXiv 2409.17372, Eq. 1 to 3).</summary>
    Hessian,

    /// <summary>Gradients times weights (arXiv 2305.11627).</summary>
    Taylor,
}
