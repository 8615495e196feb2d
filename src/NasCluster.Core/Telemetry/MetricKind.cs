namespace NasCluster.Core.Telemetry;

/// <summary>Kinds of metrics.</summary>
public enum MetricKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>How often values fell into which range.</summary>
    Histogram,

    /// <summary>A value now.</summary>
    Gauge,
}
