namespace NasCluster.Reporting.Plots;

/// <summary>Choices for a front drawn as text.</summary>
public sealed record FrontPlotOptions
{
    /// <summary>Columns, at least <see cref="FrontPlot.SmallestWidth"/>.</summary>
    public int Width { get; init; } = 72;

    /// <summary>Rows, axis and legend included, at least <see cref="FrontPlot.SmallestHeight"/>.</summary>
    public int Height { get; init; } = 20;

    /// <summary>Whether to draw with braille dots and lines; false keeps to ASCII.</summary>
    public bool Unicode { get; init; } = true;

    /// <summary>Name of the objective across; null for the first cost.</summary>
    public string? Across { get; init; }

    /// <summary>Name of the objective upwards; null for the first scored one.</summary>
    public string? Up { get; init; }
}
