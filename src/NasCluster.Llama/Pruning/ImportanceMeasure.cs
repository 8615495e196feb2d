namespace NasCluster.Llama.Pruning;

/// <summary>How the importance of channels, rotary pairs, KV groups and layers is measured.</summary>
public enum ImportanceMeasure
{
    /// <summary>|W|, summed: needs no calibration.</summary>
    Magnitude,

    /// <summary>|W_ij| sqrt(mean of x_j^2), summed (Wanda, arXiv 2306.11695; per structure as in arXiv 2406.10576).</summary>
    Wanda,

    /// <summary>Variance of x_j times the sum over i of W_ij^2, for the inputs of o and down alone (WIFV of FLAP, arXiv 2312.11983).</summary>
    Wifv,

    /// <summary>W_ij^2 / [(2 X X^T)^-1]_jj, summed over rows of q, k, v, gate, up and columns of o, down (arXiv 2409.17372, Eq. 1-3).</summary>
    Hessian,

    /// <summary>Sum of (g w)^2 over the weights of a part, mean over batches (Molchanov et al., arXiv 1906.10771).</summary>
    Taylor,

    /// <summary>|sum of g w| over the weights of a part, mean over batches (LLM-Pruner's vector-wise first order, arXiv 2305.11627, Eq. 3).</summary>
    TaylorGroup,
}
