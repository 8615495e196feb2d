using System.Collections.Immutable;

namespace NasCluster.Cluster.Testing;

/// <summary>A series as Prometheus has it over a time.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Points">Its values, in the order of time; none where it was not there.</param>
internal sealed record TimeSeries(ImmutableSortedDictionary<string, string> Labels, ImmutableArray<TimePoint> Points);

/// <summary>A value at a time.</summary>
internal readonly record struct TimePoint(DateTimeOffset Time, double Value);
