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

    /// <summary>How many candidates a steady-state search keeps created and without an outcome; other searches ignore it.</summary>
    /// <remarks>It decides what is proposed, so it belongs to the search and not to the machine: fewer make better use of what is known.</remarks>
    public int InFlight { get; init; } = 8;

    /// <summary>How two parents are combined.</summary>
    public CrossoverSpec Crossover { get; init; } = new();

    /// <summary>How a child is changed.</summary>
    public MutationSpec Mutation { get; init; } = new();
}
