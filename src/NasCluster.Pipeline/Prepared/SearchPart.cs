namespace NasCluster.Pipeline.Prepared;

/// <summary>The two parts of a search's data.</summary>
public enum SearchPart
{
    /// <summary>What the search sees.</summary>
    Search,

    /// <summary>What is kept apart, to report on the front at the end.</summary>
    Report,
}
