namespace NasCluster.Core.Specification;

/// <summary>The search algorithms there are.</summary>
public enum AlgorithmName
{
    /// <summary>NSGA-II (Deb et al. 2002).</summary>
    Nsga2,

    /// <summary>Independent uniform samples without repeats.</summary>
    Random,

    /// <summary>LINAS (Cummings et al. 2022): NSGA-II on predictors fitted to what was evaluated.</summary>
    Linas,

    /// <summary>Bayesian optimisation by expected hypervolume improvement (Emmerich et al. 2006).</summary>
    Ehvi,

    /// <summary>Every option of every gene scored alone, then the best sums of scores.</summary>
    BlockScores,

    /// <summary>Evolution of explicit masks within a window of sizes (arXiv 2409.17372).</summary>
    MaskEvolution,
}
