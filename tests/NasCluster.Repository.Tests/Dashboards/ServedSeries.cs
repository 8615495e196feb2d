using NasCluster.Core.Telemetry;

namespace NasCluster.Repository.Tests.Dashboards;

/// <summary>Names of the series that a silo serves: what Core defines, and what is used of Orleans' own.</summary>
internal static class ServedSeries
{
    /// <summary>Orleans' own, as a silo of Orleans 10.4 was seen to serve them.</summary>
    private static readonly string[] Orleans =
    [
        "orleans_app_requests_latency_milliseconds_count",
        "orleans_app_requests_latency_milliseconds_sum",
        "orleans_consistent_ring_size",
        "orleans_messaging_pings_reply_missed_total", // Begins with the first one missed.
        "orleans_messaging_processing_dispatcher_processed_total",
        "orleans_messaging_processing_dispatcher_received_total",
        "orleans_runtime_total_physical_memory_megabytes",
    ];

    public static IReadOnlySet<string> All { get; } = MetricCatalog.All.SelectMany(Of).Concat(Orleans).ToHashSet();

    /// <summary>The series of one metric.</summary>
    public static string[] Of(MetricDefinition metric) => metric.Kind == MetricKind.Histogram
        ? [metric.PrometheusName + "_bucket", metric.PrometheusName + "_sum", metric.PrometheusName + "_count"]
        : [metric.PrometheusName];
}
