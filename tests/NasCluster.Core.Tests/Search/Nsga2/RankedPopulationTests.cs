using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Nsga2;

public class RankedPopulationTests
{
    /// <summary>Trials 0, 1 and 3 are the first front, with 1 between the ends; 2 is dominated, 4 infeasible.</summary>
    private static readonly RankedPopulation Population =
        new([Member(0, 0, 10), Member(1, 4, 4), Member(2, 6, 6), Member(3, 10, 0), Member(4, -1, -1, violation: 2)]);

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(1, 3, 3)]
    [InlineData(0, 1, 0)]
    [InlineData(2, 2, 2)]
    public void Tournament_MembersDrawn_TheBetterOneWins(int first, int second, int winner)
    {
        var random = new ScriptedRandom(first, second);

        Assert.Equal(winner, Population.Tournament(random).Id.Value);
        Assert.Equal(0, random.Left);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    public void Tournament_FullTie_IsDecidedByACoin(int coin, int winner) =>
        Assert.Equal(winner, Population.Tournament(new ScriptedRandom(0, 3, coin)).Id.Value);

    [Fact]
    public void Merge_FrontThatDoesNotFit_KeepsTheLeastCrowded()
    {
        // One front of five, in which 6 has the least room: 0.45, against 0.95 for 4 and 1.05 for 5.
        var merged = new RankedPopulation([Member(5, 5, 4.5), Member(6, 4.5, 5)])
            .Merge([Member(2, 0, 10), Member(3, 10, 0), Member(4, 2, 6)], 4);

        Assert.Equal([2, 3, 4, 5], merged.Individuals.Select(i => i.Id.Value));
    }

    [Fact]
    public void Merge_EqualCrowding_KeepsTheLowerTrial()
    {
        var merged = new RankedPopulation([Member(9, 1, 1), Member(11, 1, 1)]).Merge([Member(8, 1, 1), Member(10, 1, 1)], 3);

        Assert.Equal([8, 9, 10], merged.Individuals.Select(i => i.Id.Value));
    }

    [Fact]
    public void Merge_MoreThanFit_DropsInfeasibleThenDominated()
    {
        Assert.Equal([0, 1, 2, 3], Population.Merge([], 4).Individuals.Select(i => i.Id.Value));
        Assert.Equal([0, 1, 3], Population.Merge([], 3).Individuals.Select(i => i.Id.Value));
        Assert.Equal([0, 3], Population.Merge([], 2).Individuals.Select(i => i.Id.Value));
    }

    private static Individual Member(int id, double first, double second, double violation = 0) =>
        new(new TrialId(id), [first, second], violation);
}
