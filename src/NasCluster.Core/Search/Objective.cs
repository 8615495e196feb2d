namespace NasCluster.Core.Search;

/// <summary>Which way an objective is better.</summary>
public enum ObjectiveDirection
{
    /// <summary>Lower is better.</summary>
    Minimise,

    /// <summary>Higher is better.</summary>
    Maximise,
}

/// <summary>How an objective's value comes about, which decides whether a repeat gives the same bits.</summary>
public enum ObjectiveKind
{
    /// <summary>Computed from the architecture alone, such as <c>parameters</c>.</summary>
    Analytic,

    /// <summary>Scored on data by the super-network, such as <c>perplexity</c>; deterministic.</summary>
    Scored,

    /// <summary>Measured on a device, such as <c>latency_ms</c>; a repeat differs.</summary>
    Measured,
}

/// <summary>One objective of a search.</summary>
/// <param name="Name">Its public name, such as <c>perplexity</c>, <c>parameters</c>, <c>latency_ms</c>; costs carry their unit.</param>
/// <param name="Direction">Which way is better.</param>
/// <param name="Kind">How its value comes about.</param>
public sealed record Objective(string Name, ObjectiveDirection Direction, ObjectiveKind Kind);
