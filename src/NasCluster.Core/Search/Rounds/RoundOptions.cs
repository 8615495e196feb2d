using System.Collections.Immutable;

namespace NasCluster.Core.Search.Rounds;

/// <summary>How a search goes by rounds, whatever it proposes.</summary>
/// <param name="FirstSize">Trials of the first round at least, where it has no probes: the initial genomes, filled up at random.</param>
/// <param name="Size">Trials of each later round.</param>
/// <param name="EarlyStopRounds">After so many rounds in a row that leave the front as it was, the search ends; null: only when the budget is spent.</param>
internal sealed record RoundOptions(int FirstSize, int Size, int? EarlyStopRounds)
{
    /// <summary>Trials of the first round after the initial genomes, instead of random ones.</summary>
    public ImmutableArray<Genome> Probes { get; init; } = [];
}
