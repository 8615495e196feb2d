namespace NasCluster.Core.Search.Rounds;

/// <summary>The part of a search by rounds that differs between algorithms: what to evaluate next.</summary>
internal interface IProposer
{
    /// <summary>Proposes genomes for a round: a function of the arguments alone.</summary>
    /// <param name="round">What is known when it begins.</param>
    /// <param name="count">How many are wanted, at least 1.</param>
    /// <returns>At most so many canonical genomes, none of them known and no two equal, the most wanted first. The search makes up for missing ones at random.</returns>
    Proposal Propose(Round round, int count);
}
