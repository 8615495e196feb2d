namespace NasCluster.Core.Specification;

/// <summary>How the search proposes candidates.</summary>
public sealed record AlgorithmSpec
{
    /// <summary>Which algorithm.</summary>
    public AlgorithmName Name { get; init; } = AlgorithmName.Nsga2;

    /// <summary>When new candidates are made.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Generational;

    /// <summary>Candidates that survive from one generation to the next.</summary>
    public int Population { get; init; } = 50;

    /// <summary>How two parents are combined.</summary>
    public CrossoverSpec Crossover { get; init; } = new();

    /// <summary>How a child is changed.</summary>
    public MutationSpec Mutation { get; init; } = new();
}
