using NasCluster.Core.Randomness;

namespace NasCluster.Core.Search.RandomSearch;

/// <summary>Random search. Outcomes change nothing, so all trials are created at the start and none ever waits for another.</summary>
internal sealed class RandomSearcher(RandomSearchOptions algorithm, SearchOptions options, ISearchSpace space, TrialBook book) : ISearch
{
    public bool IsFinished => book.IsFinished;

    public int Available => book.Available;

    public int UntilBarrier => book.Available;

    public int? Generation => null;

    public static RandomSearcher Start(RandomSearchOptions algorithm, SearchOptions options, ISearchSpace space)
    {
        var book = new TrialBook(options, space);
        var fresh = new FreshGenomes(space, book, new Xoshiro256(options.Seed));
        foreach (var genome in options.InitialGenomes.IsDefault ? [] : options.InitialGenomes)
        {
            book.TryCreate(space.Canonicalise(genome));
        }

        while (!book.IsFull)
        {
            book.TryCreate(fresh.Next());
        }

        return new RandomSearcher(algorithm, options, space, book);
    }

    public IReadOnlyList<Trial> Ask(int count) => book.Ask(count);

    public void Tell(TrialId id, EvaluationOutcome outcome) => book.TryTell(id, outcome);

    public SearchSnapshot Snapshot() => Snapshots.SnapshotCodec.Encode(algorithm, options, space, book.Write);
}
