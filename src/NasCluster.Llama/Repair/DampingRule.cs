namespace NasCluster.Llama.Repair;

/// <summary>What is added to the diagonal of H = X X^T, as a share of what.</summary>
public enum DampingRule
{
    /// <summary>The same everywhere: a share of the diagonal's mean.</summary>
    MeanDiagonal,

    /// <summary>A share of each channel's own diagonal element, so that the scale of a channel plays no part; of the mean where it is zero.</summary>
    OwnDiagonal,
}
