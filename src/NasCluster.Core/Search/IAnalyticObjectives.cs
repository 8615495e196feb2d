namespace NasCluster.Core.Search;

/// <summary>Computes objectives that the genome alone decides: those of kind <see cref="ObjectiveKind.Analytic"/>.</summary>
/// <remarks>A function of the genome, and the same as the evaluators', or a search would propose by other values than it is told.</remarks>
public interface IAnalyticObjectives
{
    /// <summary>Whether it computes an objective.</summary>
    bool Computes(Objective objective);

    /// <summary>The objective's value, in its own unit and direction.</summary>
    /// <param name="objective">One that it computes.</param>
    /// <param name="genome">Canonical.</param>
    double Compute(Objective objective, Genome genome);
}
