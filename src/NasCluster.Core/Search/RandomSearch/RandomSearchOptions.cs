using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.RandomSearch;

/// <summary>Random search: distinct genomes, each gene uniform. The yardstick for every other algorithm.</summary>
public sealed record RandomSearchOptions : AlgorithmOptions
{
    /// <inheritdoc/>
    public override string Algorithm => "random";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems() => [];

    internal override int SnapshotVersion => 1;

    internal override void Describe(StateWriter writer)
    {
    }

    internal override ISearch Create(SearchOptions options, ISearchSpace space) => RandomSearcher.Start(this, options, space);

    internal override ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state) =>
        new RandomSearcher(this, options, space, TrialBook.Read(state, options, space));
}
