namespace NasCluster.Core.Search.Nsga2;

/// <summary>When NSGA-II selects and breeds.</summary>
public enum Nsga2Mode
{
    /// <summary>A generation at a time, once all of the one before are told; the order of tells within a generation changes nothing.</summary>
    Generational,

    /// <summary>One child for every tell, so that no evaluator waits; the result depends on the order of tells.</summary>
    SteadyState,
}
