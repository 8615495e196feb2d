namespace NasCluster.Reporting.Progress;

/// <summary>Choices for showing progress.</summary>
public sealed record ProgressOptions
{
    /// <summary>How it is shown.</summary>
    public ProgressMode Mode { get; init; } = ProgressMode.Auto;

    /// <summary>How often the search is looked at.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>After how long a line is written although little has happened.</summary>
    public TimeSpan LineEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many percent of the budget a line is written, in (0, 100].</summary>
    public double LineEveryPercent { get; init; } = 10;

    /// <summary>The stretch of time the rate is taken over.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromSeconds(30);
}
