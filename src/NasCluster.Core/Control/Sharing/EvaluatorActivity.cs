namespace NasCluster.Core.Control.Sharing;

/// <summary>What an evaluator does.</summary>
public enum EvaluatorActivity
{
    /// <summary>It waits for work.</summary>
    Idle,

    /// <summary>It works.</summary>
    Busy,

    /// <summary>It takes no more work, and ends when it has done what it holds.</summary>
    Draining,
}
