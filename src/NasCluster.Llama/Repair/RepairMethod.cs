namespace NasCluster.Llama.Repair;

/// <summary>How the output matrices of a pruned layer are made good for what was left out.</summary>
public enum RepairMethod
{
    /// <summary>Not at all: the kept columns stay as they are.</summary>
    None,

    /// <summary>Least squares, solved exactly.</summary>
    Exact,

    /// <summary>Least squares by the alternating iteration of arXiv 2409.17372, section 3.4.</summary>
    Admm,

    /// <summary>A bias in place of the mean of what was left out (FLAP, arXiv 2312.11983).</summary>
    Bias,
}
