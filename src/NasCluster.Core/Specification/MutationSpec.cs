namespace NasCluster.Core.Specification;

/// <summary>How a child is changed.</summary>
public sealed record MutationSpec
{
    /// <summary>Probability that a child is mutated at all.</summary>
    public double PerIndividual { get; init; } = 1;

    /// <summary>Probability that each gene of a mutated child changes; null for one over the number of genes.</summary>
    public double? PerGene { get; init; }

    /// <summary>Distribution index of polynomial mutation: larger makes smaller steps.</summary>
    public double Eta { get; init; } = 20;
}
