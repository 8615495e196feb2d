namespace NasCluster.Contracts.Searches;

/// <summary>Where a search stands.</summary>
public enum SearchState
{
    /// <summary>Its evaluations go on, or wait for evaluators.</summary>
    Running,

    /// <summary>Nothing is dispatched until it is resumed.</summary>
    Paused,

    /// <summary>Stopped on request; it can be resumed.</summary>
    Stopped,

    /// <summary>Its budget is spent and every outcome recorded.</summary>
    Completed,

    /// <summary>It cannot go on; the reason is with it.</summary>
    Failed,
}
