namespace NasCluster.Core.Specification;

/// <summary>How two parents are combined.</summary>
public enum CrossoverKind
{
    /// <summary>Simulated binary crossover on integers.</summary>
    Sbx,

    /// <summary>Each gene comes from one of the parents.</summary>
    Uniform,
}
