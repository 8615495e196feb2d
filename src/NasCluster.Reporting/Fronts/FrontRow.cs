using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>One evaluated trial of a report.</summary>
/// <param name="Trial">Its number within the search.</param>
/// <param name="Genome">Its genome as text; empty for a network that has none, such as the whole super-network.</param>
/// <param name="Architecture">What the genome means; null where the space has no architectures.</param>
/// <param name="Values">Values on the search set, one per objective of the report.</param>
/// <param name="OnFront">Whether it is on the Pareto front.</param>
public sealed record FrontRow(
    TrialId Trial, string Genome, Architecture? Architecture, ImmutableArray<ObjectiveValue> Values, bool OnFront)
{
    /// <summary>Values on the report set, which the search never saw, one per objective; empty where none were taken.</summary>
    public ImmutableArray<ObjectiveValue> ReportValues { get; init; } = [];
}
