using NasCluster.Core.Search;

namespace NasCluster.Contracts.Evaluators;

/// <summary>What came of one trial.</summary>
/// <param name="Trial">Which trial.</param>
/// <param name="Outcome">Its outcome.</param>
[GenerateSerializer, Immutable]
public readonly record struct TrialReport([property: Id(0)] TrialId Trial, [property: Id(1)] EvaluationOutcome Outcome);
