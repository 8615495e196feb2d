using System.Collections.Immutable;

namespace NasCluster.Cluster.Tests.Dashboards.Pictures;

/// <summary>A panel with what it shows over a time.</summary>
/// <param name="Panel">The panel.</param>
/// <param name="Title">Its title with variables filled in.</param>
/// <param name="Series">Its series by what they are called.</param>
/// <param name="From">The time's begin.</param>
/// <param name="To">Its end.</param>
/// <param name="Marks">Times of annotations.</param>
internal sealed record PanelData(
    DashboardPanel Panel,
    string Title,
    ImmutableArray<(string Name, TimeSeries Series)> Series,
    DateTimeOffset From,
    DateTimeOffset To,
    ImmutableArray<DateTimeOffset> Marks)
{
    public double Seconds(DateTimeOffset time) => (time - From).TotalSeconds;
}
