namespace NasCluster.Reporting.Progress;

/// <summary>How progress is shown.</summary>
public enum ProgressMode
{
    /// <summary><see cref="Live"/> on a terminal, else <see cref="Lines"/>.</summary>
    Auto,

    /// <summary>A view that redraws itself.</summary>
    Live,

    /// <summary>Now and then a line that makes sense by itself.</summary>
    Lines,

    /// <summary>Now and then a JSON object on a line of its own.</summary>
    Json,
}
