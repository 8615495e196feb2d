namespace NasCluster.Core.Specification;

/// <summary>The search algorithms there are.</summary>
public enum AlgorithmName
{
    /// <summary>NSGA-II (Deb et al. 2002).</summary>
    Nsga2,

    /// <summary>Independent uniform samples without repeats.</summary>
    Random,

    /// <summary>Evolution of explicit masks within a window of sizes (arXiv 2409.17372).</summary>
    MaskEvolution,
}
