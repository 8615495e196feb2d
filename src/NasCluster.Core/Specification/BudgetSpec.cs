namespace NasCluster.Core.Specification;

/// <summary>When the search ends.</summary>
public sealed record BudgetSpec
{
    /// <summary>Distinct candidates to evaluate.</summary>
    public int Evaluations { get; init; } = 200;
}
