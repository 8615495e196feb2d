namespace NasCluster.Core.Specification;

/// <summary>How two parents are combined.</summary>
public sealed record CrossoverSpec
{
    /// <summary>Which operator.</summary>
    public CrossoverKind Kind { get; init; } = CrossoverKind.Sbx;

    /// <summary>Probability that a pair is combined at all.</summary>
    public double Probability { get; init; } = 0.9;

    /// <summary>Distribution index of SBX: larger keeps children nearer to their parents. Not used by uniform crossover.</summary>
    public double Eta { get; init; } = 15;

    /// <summary>Probability that a gene of a combined pair takes part (SBX) or is swapped (uniform).</summary>
    public double PerGene { get; init; } = 0.5;
}
