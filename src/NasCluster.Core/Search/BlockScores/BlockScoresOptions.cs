using NasCluster.Core.Search.Rounds;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.BlockScores;

/// <summary>
/// Block scores alone, a baseline: every option of every gene is scored once, in the largest genome, and what is left of the budget goes to
/// the genomes of the best sums of scores, evenly over the sizes. Random genomes take what is left over.
/// </summary>
/// <remarks>A budget of no more than the probes, which are 1 + the sum over the genes of (options - 1), finds no sums.</remarks>
public sealed record BlockScoresOptions : AlgorithmOptions
{
    /// <inheritdoc/>
    public override string Algorithm => "block_scores";

    internal override int SnapshotVersion => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems() => [];

    internal override void Describe(StateWriter writer)
    {
    }

    internal override ISearch Create(SearchOptions options, ISearchSpace space)
    {
        var start = new KnapsackStart(options, space);
        return RoundSearch.Start(this, options, space, Rounds(start), new KnapsackProposer(start, null));
    }

    internal override ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state)
    {
        var start = new KnapsackStart(options, space);
        return RoundSearch.Read(this, options, space, Rounds(start), new KnapsackProposer(start, null), state);
    }

    // One round of probes and one of everything else.
    private static RoundOptions Rounds(KnapsackStart start) => new(1, SearchOptions.LargestBudget, null) { Probes = start.Probes };
}
