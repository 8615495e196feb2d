using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Nsga2;

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

/// <summary>What is known at the start of a round.</summary>
/// <param name="Number">The round, from 1.</param>
/// <param name="Book">Every genome proposed before.</param>
/// <param name="Told">The trials with values, in the order of their numbers.</param>
/// <param name="Random">A generator of the round's own.</param>
internal sealed record Round(int Number, TrialBook Book, IReadOnlyList<Individual> Told, Xoshiro256 Random);

/// <summary>What a round is to evaluate.</summary>
/// <param name="Genomes">The genomes.</param>
/// <param name="Fits">How well the objectives were predicted; none where nothing was.</param>
internal sealed record Proposal(IReadOnlyList<Genome> Genomes, IReadOnlyList<PredictorFit> Fits);
