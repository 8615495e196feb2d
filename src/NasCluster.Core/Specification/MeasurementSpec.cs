namespace NasCluster.Core.Specification;

/// <summary>How the objectives of speed come about: measured on the extracted sub-network with the device to itself, or predicted from a table.</summary>
public sealed record MeasurementSpec
{
    /// <summary>Sequences per measured call.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Tokens of each sequence; null for the window of the data, or what <see cref="NewTokens"/> leave of the model's positions.</summary>
    public int? Tokens { get; init; }

    /// <summary>Tokens that each sequence is decoded by after those, one a step.</summary>
    public int NewTokens { get; init; } = 16;

    /// <summary>Calls before the first measured one.</summary>
    public int WarmUp { get; init; } = 2;

    /// <summary>Measured calls; the median is the value.</summary>
    public int Repeats { get; init; } = 7;

    /// <summary>A latency table to predict from; null to measure.</summary>
    public string? Table { get; init; }

    /// <summary>Of which device that table may be.</summary>
    public TableDevice TableDevice { get; init; } = TableDevice.This;
}
