namespace NasCluster.Reporting.Progress;

/// <summary>Whether a search goes on.</summary>
public enum ProgressState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>Its budget is spent, or its space exhausted.</summary>
    Finished,

    /// <summary>It was stopped and can be resumed.</summary>
    Stopped,
}
