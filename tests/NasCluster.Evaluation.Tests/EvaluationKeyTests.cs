using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Tests.Measurements.Tables;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests;

public sealed class EvaluationKeyTests
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration(513);
    private static readonly LetterTokenizer Tokenizer = new();
    private static readonly TextSet Text = TextSet.Create("abcdef", Tokenizer, new(4, 4, FirstTokenRule.Bos), "t");
    private static readonly ChoiceSet Task = ChoiceSet.Create("arc", [new(1, "Q", ["a", "b"], 1)], Tokenizer, 64, true);
    private static readonly EvaluationSets Sets = new(Text, [Task]);
    private static readonly SuperNetworkInfo Info = new(Configuration, "weights", "float32", "cpu", "1");
    private static readonly string[] Everything = ["perplexity", "arc", "memory_bytes", "macs_per_token", "latency_ms"];

    [Fact]
    public void KeyOf_AnythingThatDecidesTheOutcome_ChangesIt()
    {
        var options = SuperNetworkEvaluatorTests.Options(Everything);
        var text = TextSet.Create("abcdeg", Tokenizer, Text.Protocol, "t");
        var task = ChoiceSet.Create("arc", [new(1, "Q", ["a", "b"], 0)], Tokenizer, 64, true);
        EvaluationKey[] keys =
        [
            Key(Info, options, Sets),
            Key(Info with { Fingerprint = "patched" }, options, Sets),
            Key(Info with { Precision = "bfloat16" }, options, Sets),
            Key(Info with { NumericsVersion = "2" }, options, Sets),
            Key(Info with { Device = "gpu" }, options, Sets),
            Key(Info, options, new(text, [Task])),
            Key(Info, options, new(Text, [task])),
            Key(Info, options with { Weights = WeightFormat.Int8 }, Sets),
            Key(Info, options with { Context = 65 }, Sets),
            Key(Info, options with { Measurement = options.Measurement with { Repeats = 6 } }, Sets),
            Key(Info, options with { Measurement = options.Measurement with { Batch = 4 } }, Sets),
            Key(Info, options with { Objectives = [.. options.Objectives.Reverse()] }, Sets),
            Key(Info, options with { Objectives = options.Objectives[1..] }, Sets),
            Key(Info, options with { Constraints = [new("parameters", null, 1)] }, Sets),
            Key(Info, options with { Constraints = [new("parameters", 1, null)] }, Sets),
            .. Architectures().Select(a => Key(Info, options, Sets, a)),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, k => Assert.Matches("^[0-9a-f]{64}$", k.Value));
    }

    [Fact]
    public void KeyOf_WhatNoObjectiveReads_LeavesItAlone()
    {
        var options = SuperNetworkEvaluatorTests.Options(["parameters"]);
        var key = Key(Info, options, Sets);
        Assert.Equal(key, Key(Info with { Device = "gpu" }, options, Sets));
        Assert.Equal(key, Key(Info, options, EvaluationSets.None));
        Assert.Equal(key, Key(Info, options with { Weights = WeightFormat.Int8, Context = 9, Measurement = new(9, 9, 9, 9) }, Sets));
    }

    [Fact]
    public void KeyOf_Decoding_DependsOnTheNewTokensAndNothingElseDoes()
    {
        foreach (var objective in (string[])["prefill_ms", "decode_ms", "prefill_tokens_per_second", "decode_tokens_per_second", "latency_ms", "tokens_per_second"])
        {
            var options = SuperNetworkEvaluatorTests.Options([objective]);
            var other = options with { Measurement = options.Measurement with { NewTokens = 17 } };
            Assert.Equal(objective.StartsWith("prefill", StringComparison.Ordinal) || objective.StartsWith("decode", StringComparison.Ordinal), Of(Info, options) != Of(Info, other));
        }
    }

    [Fact]
    public void KeyOf_PredictedFromATable_DependsOnTheTableAndNotOnTheDevice()
    {
        var measured = SuperNetworkEvaluatorTests.Options(["latency_ms"]);
        var predicted = measured with { Table = LatencyTableTests.Table };
        Assert.NotEqual(Of(Info, measured), Of(Info, predicted));
        Assert.NotEqual(Of(Info, predicted), Of(Info, measured with { Table = LatencyTableTests.Table with { Measured = DateTimeOffset.UnixEpoch } }));
        Assert.NotEqual(Of(Info, predicted), Of(Info, predicted with { Measurement = predicted.Measurement with { Batch = 4 } }));
        Assert.Equal(Of(Info, predicted), Of(Info with { Device = "gpu" }, predicted with { Measurement = predicted.Measurement with { Repeats = 9, WarmUp = 9 } }));
        Assert.False(new EvaluationKeys(Info, predicted, new(null, [])).DependOnDevice);
    }

    [Fact]
    public void KeyOf_KvCacheBytes_DependsOnBatchContextAndFormat()
    {
        var options = SuperNetworkEvaluatorTests.Options(["kv_cache_bytes"]);
        EvaluationKey[] keys =
        [
            Of(Info, options), Of(Info, options with { Context = 65 }), Of(Info, options with { Weights = WeightFormat.Int8 }),
            Of(Info, options with { Measurement = options.Measurement with { Batch = 4 } }),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], Of(Info, options with { Measurement = options.Measurement with { Tokens = 5 } }));
    }

    private static EvaluationKey Of(SuperNetworkInfo info, EvaluatorOptions options) => new EvaluationKeys(info, options, new(null, [])).KeyOf(BigramNetwork.Depth(4));

    [Fact]
    public void KeyOf_LayerThatDoesNothing_LeavesItAlone()
    {
        var options = SuperNetworkEvaluatorTests.Options(["parameters"]);
        var empty = new LayerArchitecture(3, ChannelSelection.Leading(0), ChannelSelection.Leading(0));
        Assert.Equal(Key(Info, options, Sets, BigramNetwork.Depth(3)), Key(Info, options, Sets, new(BigramNetwork.Depth(3).Layers.Add(empty))));
    }

    [Fact]
    public void KeyOf_FixedCase_StaysTheSameForEver()
    {
        // Outcomes are remembered by key across searches and versions: a change of layout must come with a new version in the key's purpose.
        Assert.Equal(Golden, Key(Info, SuperNetworkEvaluatorTests.Options(["perplexity", "parameters"]), Sets).Value);
    }

    [Theory]
    [InlineData("perplexity arc memory_bytes macs_per_token latency_ms", "a5c10741dcac40bf76ffaa60f1f0118cebf0e75a")]
    [InlineData("tokens_per_second parameters", "4d197cb7dd07f98fc03d84ffed0b89ce2dd08fe0")]
    [InlineData("arc_norm", "84ebabe9b4dfa122904121f8e2fc2a85869ec0d9")]
    [InlineData("log_likelihood memory_bytes", "b4196d884e9414389381875ea122acc4e58282ba")]
    [InlineData("parameters", "dd39bb418d016cae42b72b64fface804f35baf3f")]
    public void KeyOf_EveryKindOfObjective_StaysTheSameForEver(string objectives, string start)
    {
        var options = SuperNetworkEvaluatorTests.Options(objectives.Split(' ')) with { Constraints = [new("macs_per_token", null, 1e6), new("parameters", 3, null)] };
        var architecture = new Architecture([new(0, ChannelSelection.Leading(2), ChannelSelection.Set([1, 7])), new(2, ChannelSelection.Set([1]), ChannelSelection.Leading(0))]);
        Assert.StartsWith(start, Key(Info, options, Sets, architecture).Value, StringComparison.Ordinal);
    }

    // Computed by a separate program from the layout that CanonicalHash and EvaluationKeys describe.
    private const string Golden = "2ff4eefec223f61540cd09026773b5e86e97ad154271559218b4acc9b299a50f";

    // Different layers, counts, sets, and sets that would look alike if lengths were left out.
    private static IEnumerable<Architecture> Architectures() =>
    [
        BigramNetwork.Depth(1),
        BigramNetwork.Depth(2),
        One(1, ChannelSelection.Leading(2), ChannelSelection.Leading(16)),
        One(0, ChannelSelection.Leading(1), ChannelSelection.Leading(16)),
        One(0, ChannelSelection.Leading(2), ChannelSelection.Leading(1)),
        One(0, ChannelSelection.Leading(2), ChannelSelection.Set([1])),
        One(0, ChannelSelection.Leading(2), ChannelSelection.Set([1, 2])),
        One(0, ChannelSelection.Set([1]), ChannelSelection.Leading(2)),
        One(0, ChannelSelection.Set([1]), ChannelSelection.Set([2])),
        Masked(ChannelSelection.Leading(1)),
        Masked(ChannelSelection.Leading(2)),
        Masked(ChannelSelection.Set([1])),
        Masked(ChannelSelection.Set([2])),
    ];

    private static Architecture Masked(ChannelSelection pairs) =>
        new([new(0, ChannelSelection.Leading(2), ChannelSelection.Leading(16), pairs), new(1, ChannelSelection.Leading(2), ChannelSelection.Leading(16))]);

    private static Architecture One(int layer, ChannelSelection groups, ChannelSelection channels) => new([new(layer, groups, channels)]);

    [Fact]
    public void KeyOf_WithoutNetworkOrTokens_IsTheEvaluators()
    {
        var options = SuperNetworkEvaluatorTests.Options(Everything);
        var identity = new EvaluationSetsIdentity(Text.Fingerprint, [new("arc", Task.Fingerprint)]);
        Assert.Equal(identity, Sets.Identity);
        var keys = new EvaluationKeys(Info, options, identity);
        Assert.All(Architectures(), a => Assert.Equal(Key(Info, options, Sets, a), keys.KeyOf(a)));
        Assert.True(keys.DependOnDevice);
        Assert.False(new EvaluationKeys(Info, SuperNetworkEvaluatorTests.Options(["arc"]), identity).DependOnDevice);
    }

    [Fact]
    public void Constructor_SetThatIsMissing_IsRefused()
    {
        Assert.Throws<NasClusterException>(() => new EvaluationKeys(Info, SuperNetworkEvaluatorTests.Options(["perplexity"]), new(null, [new("arc", "x")])));
        Assert.Throws<NasClusterException>(() => new EvaluationKeys(Info, SuperNetworkEvaluatorTests.Options(["arc"]), new("x", [])));
    }

    private static EvaluationKey Key(SuperNetworkInfo info, EvaluatorOptions options, EvaluationSets sets, Architecture? architecture = null)
    {
        using var network = new BigramNetwork(Configuration) { BigramInfo = info };
        using var evaluator = new SuperNetworkEvaluator(network, options, sets);
        return evaluator.KeyOf(architecture ?? BigramNetwork.Depth(4));
    }
}
