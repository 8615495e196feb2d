using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;

namespace NasCluster.Core.Tests.Search;

public class FreshGenomesTests
{
    private static readonly SearchOptions Options = new()
    {
        Objectives = [new Objective("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored)],
        Budget = 100_000,
    };

    [Fact]
    public void Next_OneGenomeLeftInALargeSpace_FindsIt()
    {
        // One in 60,000: a thousand samples would find it once in sixty runs, counting up finds it always.
        var space = new IntegerSpace([3, 100, 200]);
        var left = new Genome([1, 57, 133]);
        var book = new TrialBook(Options, space);
        for (var i = 0; i < 60_000; i++)
        {
            var genome = new Genome([i / 20_000, i / 200 % 100, i % 200]);
            if (!genome.Equals(left))
            {
                book.TryCreate(genome);
            }
        }

        for (ulong seed = 0; seed < 10; seed++)
        {
            Assert.Equal(left, new FreshGenomes(space, book, new Xoshiro256(seed)).Next());
        }
    }

    [Fact]
    public void Next_UntilNothingIsLeft_GivesEveryGenomeOnce()
    {
        var space = new IntegerSpace([7, 1, 11, 13]);
        var book = new TrialBook(Options, space);
        var fresh = new FreshGenomes(space, book, new Xoshiro256(1));
        while (!book.IsFull)
        {
            Assert.True(book.TryCreate(fresh.Next()));
        }

        Assert.Equal(1001, book.Count);
    }
}
