using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Reporting;

/// <summary>One evaluated trial, as plots and progress views see it.</summary>
/// <param name="Trial">Its number.</param>
/// <param name="Values">One value per objective, in the search's order.</param>
/// <param name="OnFront">Whether no other feasible trial dominates it.</param>
public readonly record struct EvaluatedPoint(TrialId Trial, ImmutableArray<ObjectiveValue> Values, bool OnFront);
