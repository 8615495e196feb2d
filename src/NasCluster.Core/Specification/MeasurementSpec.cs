namespace NasCluster.Core.Specification;

/// <summary>How <c>latency_ms</c> and <c>tokens_per_second</c> are measured, on the extracted sub-network with the device to itself.</summary>
public sealed record MeasurementSpec
{
    /// <summary>Sequences per measured call.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Tokens of each sequence; null for the window of the data.</summary>
    public int? Tokens { get; init; }

    /// <summary>Calls before the first measured one.</summary>
    public int WarmUp { get; init; } = 2;

    /// <summary>Measured calls; the median is the value.</summary>
    public int Repeats { get; init; } = 7;
}
