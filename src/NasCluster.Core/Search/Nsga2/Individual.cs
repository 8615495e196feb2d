namespace NasCluster.Core.Search.Nsga2;

/// <summary>A trial with values, as NSGA-II sees it.</summary>
/// <param name="Id">Which trial.</param>
/// <param name="Objectives">One value per objective, all to be minimised.</param>
/// <param name="Violation">How far the constraints are broken; 0 when feasible.</param>
internal sealed record Individual(TrialId Id, double[] Objectives, double Violation);
