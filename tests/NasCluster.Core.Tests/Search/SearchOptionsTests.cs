using NasCluster.Core.Search;
using NasCluster.Core.Spaces;

namespace NasCluster.Core.Tests.Search;

public class SearchOptionsTests
{
    private static readonly IntegerSpace Space = new([2, 3]);
    private static readonly Objective Loss = new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored);

    [Fact]
    public void Problems_Sound_HasNone() => Assert.Empty(new SearchOptions { Objectives = [Loss], Budget = 1 }.Problems(Space));

    [Fact]
    public void Problems_EverythingWrong_NamesEach()
    {
        var options = new SearchOptions
        {
            Objectives = [Loss, Loss],
            Budget = -4,
            InFlight = 0,
            InitialGenomes = [new Genome([1]), new Genome([1, 3]), new Genome([0, -1]), new Genome([0, 0])],
        };

        Assert.Equal(
            [
                "Objective loss occurs twice; each must occur once.",
                "Budget is -4; it must be in [1, 1000000].",
                "InFlight is 0; it must be at least 1.",
                "InitialGenomes[0] has 1 genes; the space has 2.",
                "InitialGenomes[1] has 3 in gene 1; it must be in 0 to 2.",
                "InitialGenomes[2] has -1 in gene 1; it must be in 0 to 2.",
            ],
            options.Problems(Space));
    }

    [Fact]
    public void Problems_NoObjectives_SaysSo() =>
        Assert.Equal(
            ["Objectives is empty; there must be at least one objective."],
            new SearchOptions { Objectives = [], Budget = 1 }.Problems(Space));

    [Fact]
    public void Problems_MoreInitialGenomesThanBudget_SaysSo()
    {
        var options = new SearchOptions
        {
            Objectives = [Loss],
            Budget = 1,
            InitialGenomes = [new Genome([0, 0]), new Genome([0, 0]), new Genome([1, 0])],
        };

        Assert.Equal(["InitialGenomes has 2 distinct genomes; the budget is 1, and it must cover them."], options.Problems(Space));
        Assert.Empty((options with { Budget = 2 }).Problems(Space));
    }
}
