namespace NasCluster.Core.Specification;

/// <summary>In which state a search scores its candidates.</summary>
public enum ScoredState
{
    /// <summary>As they are cut out of the network, as in the papers.</summary>
    Cut,

    /// <summary>With their weights repaired, as the network found will be: what a candidate loses and repair makes good is then no loss.</summary>
    Repaired,
}
