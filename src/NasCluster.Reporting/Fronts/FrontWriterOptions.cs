namespace NasCluster.Reporting.Fronts;

/// <summary>Choices for writing a front.</summary>
public sealed record FrontWriterOptions
{
    /// <summary>Whether JSON and CSV also list the trials off the front. The table shows the front only.</summary>
    public bool AllTrials { get; init; }

    /// <summary>Columns the table may take, at least 40.</summary>
    public int Width { get; init; } = 120;

    /// <summary>Whether the table may use colours and bold type by ANSI sequences.</summary>
    public bool Ansi { get; init; }

    /// <summary>Whether the table may use signs beyond ASCII, such as ± and line drawing.</summary>
    public bool Unicode { get; init; } = true;
}
