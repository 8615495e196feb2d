using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;

namespace NasCluster.Specification.Tests;

public sealed class SearchSpecWriterTests
{
    [Fact]
    public void Write_RandomSpecifications_ReadBackEqual()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var spec = RandomSpec(random);
            var text = SearchSpecWriter.Write(spec);
            Assert.Equal(spec, SearchSpecReader.Read(text).SpecOrThrow(null));
            Assert.Equal(text, SearchSpecWriter.Write(SearchSpecReader.Read(text).Spec));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("1.5")]
    [InlineData("no")]
    [InlineData("a: b # c")]
    [InlineData(" \"quoted\" \\ \t\r\n\u0085\u2028 \0\u001b ")]
    [InlineData("naïve 🦙 \uFEFF")]
    [InlineData("<|endoftext|>")]
    [InlineData(".")]
    [InlineData("a..b/c.yaml")]
    public void Write_AwkwardText_ReadsBackEqual(string join)
    {
        var spec = new SearchSpec { Model = "m", Data = new() { Text = "t", Join = join } };
        Assert.Equal(join, SearchSpecReader.Read(SearchSpecWriter.Write(spec)).SpecOrThrow(null).Data.Join);
    }

    [Fact]
    public void Write_Defaults_NamesThem()
    {
        var text = SearchSpecWriter.Write(new SearchSpec { Model = "m", Data = new() { Text = "t" } });
        Assert.StartsWith("model: m\ndata:\n  text: t\n  calibration_share: 0\n  search_share: 0.5\n  search_tokens: 8192\n", text, StringComparison.Ordinal);
        Assert.Contains("algorithm:\n  name: nsga2\n  mode: generational\n  population: 50\n  start: random\n  in_flight: 8\n  crossover:\n    kind: sbx\n", text, StringComparison.Ordinal);
        Assert.EndsWith("  mutation:\n    per_individual: 1.0\n    eta: 20\npruning:\n  tolerance: 0.01\n  importance: none\n  spread: uniform\n  sequences: 128\n  policy_gradient:\n    steps: 0\n    samples: 2\n    batch: 8\n    window: 128\n    learning_rate: 0.002\n    layer_share: 1.0\n    scaling: deviation\n  repair: none\n  score: cut\nbudget:\n  evaluations: 200\nseed: 1\n", text, StringComparison.Ordinal);
    }

    private static TaskSpec RandomTask(Random random) => new("harness_task", "a folder/of: data")
    {
        Task = random.Next(2) == 0 ? "winogrande" : "mmlu_stem",
        Shots = random.Next(3) * 5,
        Limit = random.Next(2) == 0 ? null : random.Next(1, 1000),
    };

    private static SearchSpec RandomSpec(Random random)
    {
        var spec = new SearchSpec { Model = "m", Data = new() { Text = "t", Tasks = [new("task", "f"), RandomTask(random)] } };
        foreach (var key in SearchSpecKeys.All.Where(k => k.Kind is not SpecKeyKind.Tasks && random.Next(2) == 0))
        {
            spec = key.Set(spec, key.Kind switch
            {
                SpecKeyKind.Text => RandomText(random),
                SpecKeyKind.Integer => Within(key, random),
                SpecKeyKind.IntegerOrWord => random.Next(2) == 0 ? key.Words[0] : Within(key, random),
                SpecKeyKind.Number => key.Range!.Maximum * (1 - random.NextDouble()),
                SpecKeyKind.Word => key.Words[random.Next(key.Words.Length)],
                SpecKeyKind.Integers => Enumerable.Range(1, 1 + random.Next(5)).Select(i => (long)i).ToImmutableArray(),
                SpecKeyKind.IntegersOrWord => random.Next(2) == 0 ? key.Words[0] : Enumerable.Range(0, 4).Select(i => 3L - i).ToImmutableArray(),
                SpecKeyKind.Shares => ImmutableArray.Create(1 - random.NextDouble(), 1.0),
                SpecKeyKind.Widths => ImmutableArray.Create(1 - random.NextDouble(), 2 + random.Next(1000)),
                SpecKeyKind.Texts => ImmutableArray.Create("task_norm", "latency_ms"),
                SpecKeyKind.Constraints => ImmutableArray.Create(
                    new ConstraintSpec("perplexity", null, random.NextDouble() * 1e9), new ConstraintSpec("task", -random.NextDouble(), 1)),
                _ => throw new InvalidOperationException($"Give kind {key.Kind} random values."),
            });
        }

        spec = spec.Data is { Window: { } window, Stride: { } stride } && stride > window ? spec with { Data = spec.Data with { Stride = window } } : spec;
        spec = spec with { Algorithm = spec.Algorithm with { Start = SearchStart.Random } };
        if (spec.Algorithm.Predictor.InnerEvaluations < spec.Algorithm.Population)
        {
            spec = spec with { Algorithm = spec.Algorithm with { Predictor = new() { InnerEvaluations = spec.Algorithm.Population } } };
        }

        return Fitting(spec);
    }

    // What belongs together was drawn apart.
    private static SearchSpec Fitting(SearchSpec spec)
    {
        var masks = spec.Algorithm.Name == AlgorithmName.MaskEvolution;
        var pruning = spec.Pruning with { Keep = spec.Pruning.Keep ?? 0.5 };
        pruning = pruning.Importance == ImportanceName.None ? pruning with { Importance = ImportanceName.Wifv } : pruning;
        pruning = pruning.PolicyGradient.Steps == 0 ? pruning with { PolicyGradient = pruning.PolicyGradient with { LayerShare = 1 } } : pruning;
        pruning = pruning.Repair == RepairName.None ? pruning with { Score = ScoredState.Cut } : pruning;
        return spec with
        {
            Data = spec.Data with
            {
                CalibrationShare = Math.Max(spec.Data.CalibrationShare, 0.1),
                Documents = spec.Data.Separator is null ? DocumentRule.Joined : spec.Data.Documents,
            },
            Space = spec.Space with { Kind = masks ? SpaceKind.Masks : SpaceKind.Widths, Depth = pruning.PolicyGradient.LayerShare < 1 ? [] : spec.Space.Depth },
            Pruning = pruning,
        };
    }

    private static long Within(SpecKey key, Random random) => random.NextInt64((long)key.Range!.Minimum, key.Range.Maximum >= long.MaxValue ? long.MaxValue : (long)key.Range.Maximum);

    private static string RandomText(Random random) =>
        "x" + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0xD800) : random.Next(32, 127))));
}
