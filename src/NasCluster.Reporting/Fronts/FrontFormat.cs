namespace NasCluster.Reporting.Fronts;

/// <summary>How a front is written.</summary>
public enum FrontFormat
{
    /// <summary>An aligned table for people.</summary>
    Table,

    /// <summary>One JSON object with every digit.</summary>
    Json,

    /// <summary>One line per trial with every digit, as in RFC 4180.</summary>
    Csv,
}
