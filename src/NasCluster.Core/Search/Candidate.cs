using NasCluster.Core.Architectures;

namespace NasCluster.Core.Search;

/// <summary>What an evaluator is given: a sub-network, and how much of the data to score it on.</summary>
/// <param name="Architecture">The sub-network.</param>
/// <param name="Batch">
/// The batch of the search's text to score it on, from 0; null for all of the data. Searches that follow noisy gradients score each sub-network
/// on little, but on other data every time (arXiv 2406.10576).
/// </param>
public sealed record Candidate(Architecture Architecture, int? Batch = null)
{
    /// <summary>A sub-network, to be scored on all of the data.</summary>
    public static implicit operator Candidate(Architecture architecture) => new(architecture);
}
