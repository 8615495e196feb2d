using NasCluster.Core.Search.Rounds;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>Proposes the knapsack's solutions in the round after the probes, and leaves later rounds to another.</summary>
/// <param name="start">The start, whose probes are the first round.</param>
/// <param name="later">Who proposes from the second round on; null where there is none.</param>
internal sealed class KnapsackProposer(KnapsackStart start, IProposer? later) : IProposer
{
    public Proposal Propose(Round round, int count) =>
        round.Number == 1 || later is null
            ? new Proposal(start.Solutions(round.Told, id => round.Book[id], round.Book.Contains, count), [])
            : later.Propose(round, count);
}
