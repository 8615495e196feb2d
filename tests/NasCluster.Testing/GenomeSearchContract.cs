using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every search must do that can propose any genome of any space, besides what <see cref="SearchContract"/> asks for.</summary>
public abstract class GenomeSearchContract : SearchContract
{
    [Fact]
    public void Run_BudgetNearTheSpace_ProposesOnlyDistinctCanonicalGenomes()
    {
        var told = SearchDriver.Run(Create(OptionsWith(80)), Evaluate);

        Assert.Equal(80, told.Select(t => t.Genome).Distinct().Count());
        Assert.All(told, t => Assert.Equal(SmallSpace.Canonicalise(t.Genome), t.Genome));
    }

    [Fact]
    public void Run_BudgetBeyondTheSpace_FinishesWithEveryGenomeOnce()
    {
        var told = SearchDriver.Run(Create(OptionsWith(1000)), Evaluate);

        Assert.Equal(84, SmallSpace.DistinctCount);
        Assert.Equal(84, told.Select(t => t.Genome).Distinct().Count());
        Assert.Equal(84, told.Count);
    }

    [Fact]
    public void Run_SpaceOfOneGenome_FinishesAfterIt()
    {
        var search = Searches.Create(Algorithm, OptionsWith(), new IntegerSpace([1, 1]));

        Assert.Single(SearchDriver.Run(search, _ => EvaluationOutcome.Failed("no memory")));
    }

    [Fact]
    public void Run_InitialGenomes_ComeFirstAndOnce()
    {
        var dead = new Genome([0, 1, 1, 1, 1, 1, 1]);
        var options = OptionsWith() with { InitialGenomes = [SmallSpace.LargestGenome, dead, SmallSpace.Canonicalise(dead)] };
        var told = SearchDriver.Run(Create(options), Evaluate);

        Assert.Equal([SmallSpace.LargestGenome, SmallSpace.Canonicalise(dead)], told.Take(2).Select(t => t.Genome));
        Assert.Equal(Budget, told.Select(t => t.Genome).Distinct().Count());
    }
}
