namespace NasCluster.Core.Specification;

/// <summary>When new candidates are made.</summary>
public enum SearchMode
{
    /// <summary>When the whole generation is evaluated: the result does not depend on the order of completion.</summary>
    Generational,

    /// <summary>As soon as an outcome arrives: nobody waits, and the result follows the recorded order of completion.</summary>
    SteadyState,
}
