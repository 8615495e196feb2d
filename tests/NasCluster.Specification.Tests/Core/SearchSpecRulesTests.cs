using System.Globalization;
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
            Data = Good.Data with { CalibrationShare = -1, SearchShare = 0, SearchTokens = 0, ReportTokens = -1, Window = 1, Stride = 0, SearchQuestions = 0, ReportQuestions = 0 },
            Space = new() { Depth = [0], Mlp = [new(0)], HeadPairs = [0], KvGroups = [0], LayerOrder = [-1] },
            Costs = new() { Context = 0 },
            Measurement = new() { Batch = 0, Tokens = 1, NewTokens = 0, WarmUp = -1, Repeats = 0 },
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
            Pruning = new()
            {
                Keep = 0,
                Tolerance = -1,
                Sequences = 0,
                PolicyGradient = new() { Steps = -1, Samples = 1, Batch = 0, Window = 1, LearningRate = 0, LayerShare = 0 },
                Damping = 0,
            },
            Budget = new() { Evaluations = 0 },
            Seed = -1,
        };

        var ranged = SearchSpecKeys.All.Where(k => k.Range is not null).Select(k => k.Path).ToArray();
        var found = SearchSpecRules.Check(bad).Select(p => p.Key.Split('[')[0]).ToHashSet();
        Assert.Equal(ranged.Order(), ranged.Where(found.Contains).Order());
        Assert.Contains("algorithm.mutation.per_gene is 1.4; it must be in [0, 1].", SearchSpecRules.Check(bad).Select(p => p.Message));
    }

    [Theory]
    [InlineData("space.kind=masks", "algorithm.name: space.kind is masks and algorithm.name is nsga2; masks and mask_evolution go together and with nothing else.")]
    [InlineData("pruning.repair=exact", "pruning.keep: pruning.keep is missing; masks, the policy gradient and repair need to know how much to keep.")]
    [InlineData("pruning.importance=wanda", "data.calibration_share: data.calibration_share is 0; importance and repair need a part of the text that neither the search nor the report sees.")]
    [InlineData("pruning.policy_gradient.steps=10", "pruning.importance: pruning.importance is none; the policy gradient begins with it, so it must be measured.")]
    [InlineData("pruning.policy_gradient.layer_share=0.5", "pruning.policy_gradient.layer_share: pruning.policy_gradient.layer_share is below 1, but pruning.policy_gradient.steps is 0; only its steps take layers away.")]
    [InlineData("pruning.keep=1.5", "pruning.keep: pruning.keep is 1.5; it must be in (0, 1].")]
    [InlineData("pruning.keep=0", "pruning.keep: pruning.keep is 0; it must be in (0, 1].")]
    public void Check_PruningThatDoesNotFit_NamesTheRule(string setting, string expected)
    {
        var parts = setting.Split('=');
        var key = SearchSpecKeys.All.Single(k => k.Path == parts[0]);
        object value = key.Kind switch
        {
            SpecKeyKind.Integer => long.Parse(parts[1], CultureInfo.InvariantCulture),
            SpecKeyKind.Number => double.Parse(parts[1], CultureInfo.InvariantCulture),
            _ => parts[1],
        };

        Assert.Contains(expected, SearchSpecRules.Check(key.Set(Good, value)).Select(p => $"{p.Key}: {p.Message}"));
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
