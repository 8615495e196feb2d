using NasCluster.Core.Search;

namespace NasCluster.Core.Specification;

/// <summary>How the search proposes candidates.</summary>
public sealed record AlgorithmSpec
{
    /// <summary>Which algorithm.</summary>
    public AlgorithmName Name { get; init; } = AlgorithmName.Nsga2;

    /// <summary>When new candidates are made.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Generational;

    /// <summary>Candidates that survive from one generation to the next; of a search that predicts, how many its first round has at random.</summary>
    public int Population { get; init; } = 50;

    /// <summary>What comes after the largest and the smallest network: random candidates, or block scores and what they add up to.</summary>
    public SearchStart Start { get; init; } = SearchStart.Random;

    /// <summary>Candidates of each later round of a search that predicts; null for the population with LINAS and 8 with EHVI.</summary>
    public int? Batch { get; init; }

    /// <summary>After so many rounds in a row without a candidate that came to the front, a search that predicts ends; null for never.</summary>
    public int? EarlyStopRounds { get; init; }

    /// <summary>How outcomes are predicted.</summary>
    public PredictorSpec Predictor { get; init; } = new();

    /// <summary>How many candidates a steady-state search keeps created and without an outcome; other searches ignore it.</summary>
    /// <remarks>It decides what is proposed, so it belongs to the search and not to the machine: fewer make better use of what is known.</remarks>
    public int InFlight { get; init; } = 8;

    /// <summary>How two parents are combined.</summary>
    public CrossoverSpec Crossover { get; init; } = new();

    /// <summary>How a child is changed.</summary>
    public MutationSpec Mutation { get; init; } = new();
}
