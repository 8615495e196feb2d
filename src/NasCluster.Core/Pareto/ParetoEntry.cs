using NasCluster.Core.Search;

namespace NasCluster.Core.Pareto;

/// <summary>A trial on the front.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Outcome">Its outcome: feasible, with a value per objective.</param>
public sealed record ParetoEntry(Trial Trial, EvaluationOutcome Outcome);
