namespace NasCluster.Pipeline.Prepared;

/// <summary>What is carried out around a search, in this order.</summary>
public enum SearchStage
{
    /// <summary>Measures how much each channel matters.</summary>
    Importance,

    /// <summary>Refines that by trying masks.</summary>
    PolicyGradient,

    /// <summary>Cuts the best network out once the search has ended, repairs it, and scores it before and after.</summary>
    Pruned,
}
