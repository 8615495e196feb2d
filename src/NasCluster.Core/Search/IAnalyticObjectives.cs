namespace NasCluster.Core.Search;

/// <summary>Computes what the genome alone decides: objectives of kind <see cref="ObjectiveKind.Analytic"/>, and constraints on such.</summary>
/// <remarks>A function of the genome, and the same as the evaluators', or a search would propose by other values than it is told.</remarks>
public interface IAnalyticObjectives
{
    /// <summary>Whether it computes an objective.</summary>
    bool Computes(Objective objective);

    /// <summary>The objective's value, in its own unit and direction.</summary>
    /// <param name="objective">One that it computes.</param>
    /// <param name="genome">Canonical.</param>
    double Compute(Objective objective, Genome genome);

    /// <summary>
    /// How far a genome breaks the constraints, 0 where it keeps them; null, whatever the genome, where one of them takes an evaluation.
    /// </summary>
    /// <param name="genome">Canonical.</param>
    double? Violation(Genome genome);
}
