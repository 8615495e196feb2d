using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.Tests;

public sealed class SearchPlanTests
{
    private static readonly LlamaConfiguration Unequal = new()
    {
        VocabularySize = 32,
        HiddenSize = 16,
        HeadSize = 4,
        QueryHeadsPerKvHead = 1,
        Layers = [new(4, 48), new(2, 24), new(4, 3)],
        MaximumPositions = 64,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbeddings = true,
    };

    private static readonly SearchSpec Spec = new() { Model = "m", Objectives = ["parameters"], Budget = new() { Evaluations = 20 } };

    [Fact]
    public void Space_SharesOfUnequalLayers_AreSharesOfEachLayersOwnWidth()
    {
        var plan = new SearchPlan(Spec with { Space = new() { Depth = [2, 3], Mlp = [new(0.5), new(1)] } }, Unequal);

        Assert.Equal("0:4/24 1:2/12", plan.Space.Decode(plan.Widths.SmallestGenome).ToString());
        Assert.Equal(Unequal.FullArchitecture, plan.Space.Decode(plan.Widths.LargestGenome));
        Assert.Equal(4 + 8, plan.Space.DistinctCount);
    }

    [Fact]
    public void Space_OneKvGroupCount_IsKeptEverywhereThoughItHasNoGenes()
    {
        var plan = new SearchPlan(Spec with { Space = new() { Depth = [3], Mlp = [new(0.5), new(1)], KvGroups = [2] } }, Unequal);

        Assert.Equal([1, 2, 2, 2], plan.Space.Cardinalities.ToArray());
        Assert.All(plan.Space.Decode(plan.Widths.LargestGenome).Layers, l => Assert.Equal(ChannelSelection.Leading(2), l.KvGroups));
    }

    [Fact]
    public void Constructor_SpaceBeyondTheModel_NamesEveryValue()
    {
        var spec = Spec with { Space = new() { Depth = [4], Mlp = [new(24)] }, Data = new() { Window = 65 } };

        var failure = Assert.Throws<SpecificationException>(() => new SearchPlan(spec, Unequal));
        Assert.Equal(["space.depth[0]", "space.mlp[0]", "data.window"], failure.Problems.Select(p => p.Key));
    }

    [Fact]
    public void CreateSearch_New_AsksForTheWholeNetworkAndTheSmallestFirst()
    {
        var plan = new SearchPlan(Spec, Unequal);

        var first = plan.CreateSearch(null).Ask(2);
        Assert.Equal([plan.Widths.LargestGenome, plan.Widths.SmallestGenome], first.Select(t => t.Genome));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void CreateSearch_SteadyState_OpensInFlightTrialsAndOneMoreForEachTold(int inFlight)
    {
        var plan = new SearchPlan(Spec with { Algorithm = new() { Mode = SearchMode.SteadyState, Population = 6, InFlight = inFlight } }, Unequal);
        var search = plan.CreateSearch(null);
        var open = search.Ask(100);
        Assert.Equal(inFlight, plan.OpenTrials);
        Assert.Equal(inFlight, open.Count);

        search.Tell(open[0].Id, EvaluationOutcome.Success([new ObjectiveValue(1, 0)]));
        Assert.Single(search.Ask(100));
    }

    [Theory]
    [InlineData(AlgorithmName.Nsga2, SearchMode.Generational)]
    [InlineData(AlgorithmName.Random, SearchMode.SteadyState)]
    public void OpenTrials_SearchThatIgnoresInFlight_IsNull(AlgorithmName name, SearchMode mode)
    {
        var plan = new SearchPlan(Spec with { Algorithm = new() { Name = name, Mode = mode, Population = 6, InFlight = 2 } }, Unequal);
        Assert.Null(plan.OpenTrials);
        Assert.True(plan.CreateSearch(null).Ask(100).Count > 2);
    }
}
