using NasCluster.Core.Specification;

namespace NasCluster.Specification.Tests.Core;

/// <summary>Specifications made by programs are checked by the same rules as those read from files.</summary>
public sealed class SearchSpecRulesTests
{
    private static readonly SearchSpec Good = new() { Model = "m", Data = new() { Text = "t" } };

    [Fact]
    public void Check_Defaults_AreGood() => Assert.Empty(SearchSpecRules.Check(Good));

    [Fact]
    public void Check_EveryRangedKey_IsHeldToItsRange()
    {
        var bad = Good with
        {
            Data = Good.Data with { SearchShare = 0, SearchTokens = 0, ReportTokens = -1, Window = 1, Stride = 0, SearchQuestions = 0, ReportQuestions = 0 },
            Space = new() { Depth = [0], Mlp = [new(0)], KvGroups = [0], LayerOrder = [-1] },
            Costs = new() { Context = 0 },
            Measurement = new() { Batch = 0, Tokens = 1, WarmUp = -1, Repeats = 0 },
            Algorithm = new()
            {
                Population = 1,
                Batch = 0,
                EarlyStopRounds = 0,
                Predictor = new() { InnerEvaluations = 1 },
                InFlight = 0,
                Crossover = new() { Probability = 1.5, Eta = -1, PerGene = -0.1 },
                Mutation = new() { PerIndividual = double.NaN, PerGene = 1.4, Eta = double.PositiveInfinity },
            },
            Budget = new() { Evaluations = 0 },
            Seed = -1,
        };

        var ranged = SearchSpecKeys.All.Where(k => k.Range is not null).Select(k => k.Path).ToArray();
        var found = SearchSpecRules.Check(bad).Select(p => p.Key.Split('[')[0]).ToHashSet();
        Assert.Equal(ranged.Order(), ranged.Where(found.Contains).Order());
        Assert.Contains("algorithm.mutation.per_gene is 1.4; it must be in [0, 1].", SearchSpecRules.Check(bad).Select(p => p.Message));
    }

    [Fact]
    public void Keys_SetWhatTheyGet_LeavesTheSpecificationEqual()
    {
        var spec = SearchSpecReader.Read(Examples.Text("full.yaml")).Spec;
        var copy = new SearchSpec();
        foreach (var key in SearchSpecKeys.All)
        {
            copy = key.Get(spec) is { } value ? key.Set(copy, value) : copy;
        }

        Assert.Equal(spec, copy);
        Assert.Equal(spec.GetHashCode(), copy.GetHashCode());
    }

    [Fact]
    public void Equals_AnyKeyChanged_IsFalse()
    {
        // Guards the hand-written Equals of records that hold lists: a property left out of it would pass every round trip unseen.
        var full = SearchSpecReader.Read(Examples.Text("full.yaml")).Spec;
        foreach (var key in SearchSpecKeys.All.Where(k => !k.IsRequired))
        {
            var withDefault = SearchSpecKeys.All.Where(k => k.Path != key.Path).Aggregate(new SearchSpec(), (s, k) => k.Get(full) is { } v ? k.Set(s, v) : s);
            var differs = key.Get(withDefault)?.ToString() != key.Get(full)?.ToString();
            Assert.True(!differs || withDefault != full, key.Path);
        }
    }
}
