namespace NasCluster.Core.Search;

/// <summary>How a search begins, after its initial genomes.</summary>
public enum SearchStart
{
    /// <summary>With random genomes.</summary>
    Random,

    /// <summary>
    /// By scoring every option of every gene alone, in the largest genome, and then with the genomes of the best sums of scores, from the
    /// smallest to the largest. Both count in the budget.
    /// </summary>
    Knapsack,
}
