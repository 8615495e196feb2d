using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Search.Rounds;

/// <summary>What is known at the start of a round.</summary>
/// <param name="Number">The round, from 1.</param>
/// <param name="Book">Every genome proposed before.</param>
/// <param name="Told">The trials with values, in the order of their numbers.</param>
/// <param name="Random">A generator of the round's own.</param>
internal sealed record Round(int Number, TrialBook Book, IReadOnlyList<Individual> Told, Xoshiro256 Random);
