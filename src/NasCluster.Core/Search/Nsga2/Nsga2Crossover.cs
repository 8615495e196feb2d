namespace NasCluster.Core.Search.Nsga2;

/// <summary>How NSGA-II makes children of two parents.</summary>
public enum Nsga2Crossover
{
    /// <summary>Simulated binary crossover on integers: children lie about their parents; for genes whose values have an order.</summary>
    SimulatedBinary,

    /// <summary>Uniform crossover: children exchange single genes.</summary>
    Uniform,
}
