using System.Text.RegularExpressions;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>What Grafana calls a series.</summary>
internal static partial class SeriesName
{
    /// <summary>The legend with labels filled in; a label that is not there leaves nothing.</summary>
    public static string Of(string legend, TimeSeries series) => Label().Replace(legend, m => series.Labels.GetValueOrDefault(m.Groups["label"].Value) ?? "").Trim();

    [GeneratedRegex(@"\{\{\s*(?<label>\w+)\s*\}\}")]
    private static partial Regex Label();
}
