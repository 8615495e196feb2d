using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Tests.Measurements.Tables;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests;

public sealed class SuperNetworkEvaluatorTests
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration(513);
    private static readonly LetterTokenizer Tokenizer = new();

    private static readonly EvaluationSets Sets = new(
        TextSet.Create("abcdxeabcabc", Tokenizer, new(4, 4, FirstTokenRule.Bos), "t"),
        [ChoiceSet.Create("arc", [new(1, "Q", ["!a", "!b"], 1), new(2, "Q", ["yy", "yz"], 1)], Tokenizer, 64, true)]);

    [Fact]
    public void Evaluate_AllAnalyticAndScored_GivesEachItsValueInOrder()
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = Evaluator(network, ["macs_per_token", "arc", "perplexity", "parameters", "log_likelihood", "block_parameters", "memory_bytes", "arc_norm", "kv_cache_bytes"]);
        var architecture = BigramNetwork.Depth(2);

        var outcome = Assert.Single(evaluator.Evaluate([architecture], null, CancellationToken.None));

        var shape = Configuration.Extract(architecture);
        var text = Sets.Text!.Score(network.Score([architecture], Sets.Text.Requests, CancellationToken.None)[0]);
        var task = Sets.Tasks[0].Score(network.Score([architecture], Sets.Tasks[0].Requests, CancellationToken.None)[0]);
        ObjectiveValue[] expected =
        [
            new(CostModel.MacsPerToken(shape, 64), 0), task.Accuracy, text.Perplexity, new(CostModel.Parameters(shape), 0),
            text.LogLikelihood, new(CostModel.BlockParameters(shape), 0), new(CostModel.MemoryBytes(shape, WeightFormat.Float32), 0), task.NormalisedAccuracy,
            new(CostModel.KvCacheBytes(shape, WeightFormat.Float32, 3, 64), 0),
        ];
        Assert.Equal(expected, outcome.Values.ToArray());

        // "yz" follows on, so the second question is right; in the first nothing does, and the tie goes to the first choice, which is wrong.
        Assert.Equal(0.5, task.Accuracy.Value);
    }

    [Fact]
    public void Evaluate_SeveralAtOnce_GivesWhatEachGivesAlone()
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = Evaluator(network, ["perplexity", "arc", "parameters"]);
        Candidate[] architectures = [BigramNetwork.Depth(4), BigramNetwork.Depth(1), BigramNetwork.Depth(3)];
        var together = evaluator.Evaluate(architectures, null, CancellationToken.None);
        Assert.Equal(architectures.Select(a => evaluator.Evaluate([a], null, CancellationToken.None).Single()), together);
        Assert.Equal(3, together.Distinct().Count());
    }

    [Theory]
    [InlineData(12, "perplexity", "parameters")]
    [InlineData(12 + 3 + 3 + 3 + 3, "arc_norm", "perplexity")]
    [InlineData(0, "parameters", "macs_per_token")]
    public void ScoredTokens_CountWhatTheObjectivesNeed(long tokens, params string[] objectives)
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = Evaluator(network, objectives);
        Assert.Equal(tokens, evaluator.ScoredTokens);
    }

    [Fact]
    public void TokensScored_EveryEvaluation_AddsThoseOfEachArchitecture()
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = Evaluator(network, ["perplexity", "arc"]);
        Assert.Equal(0, evaluator.TokensScored);
        evaluator.Evaluate([BigramNetwork.Depth(4), BigramNetwork.Depth(1)], null, CancellationToken.None);
        Assert.Equal(2 * evaluator.ScoredTokens, evaluator.TokensScored);
        evaluator.Evaluate([BigramNetwork.Depth(3)], null, CancellationToken.None);
        Assert.Equal(3 * evaluator.ScoredTokens, evaluator.TokensScored);
    }

    [Fact]
    public void Evaluate_AnalyticOnly_NeverScores()
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = Evaluator(network, ["parameters"]);
        Assert.True(evaluator.Evaluate([BigramNetwork.Depth(1)], null, CancellationToken.None)[0].IsSuccess);
        Assert.Equal(0, network.Calls);
    }

    [Fact]
    public void Evaluate_BadOnes_FailAloneWithTheirReason()
    {
        using var network = new BigramNetwork(Configuration)
        {
            Sum = a => a.Layers.Length == 1 ? double.NaN : a.Layers.Length == 2 ? -1e300 : null,
            OnScore = all => ThrowIf(all.Any(a => a.Layers.Length == 3)),
        };
        using var evaluator = Evaluator(network, ["perplexity"]);
        var tooDeep = new Architecture([new(9, ChannelSelection.Leading(1), ChannelSelection.Leading(1))]);

        var outcomes = evaluator.Evaluate([BigramNetwork.Depth(1), BigramNetwork.Depth(2), BigramNetwork.Depth(3), tooDeep, BigramNetwork.Depth(4)], null, CancellationToken.None);

        Assert.Equal($"The log-likelihood of window 0 of the text is {double.NaN}; it must be finite.", outcomes[0].Failure);
        Assert.StartsWith($"perplexity is {double.PositiveInfinity}", outcomes[1].Failure, StringComparison.Ordinal);
        Assert.Equal("three is one too many", outcomes[2].Failure);
        Assert.Contains("keeps layer 9", outcomes[3].Failure, StringComparison.Ordinal);
        Assert.True(outcomes[4].IsSuccess);

        static void ThrowIf(bool condition)
        {
            if (condition)
            {
                throw new NasClusterException("three is one too many");
            }
        }
    }

    [Fact]
    public void Evaluate_Cancelled_ReturnsNothing()
    {
        using var source = new CancellationTokenSource();
        using var network = new BigramNetwork(Configuration) { OnScore = _ => source.Cancel() };
        using var evaluator = Evaluator(network, ["perplexity"]);
        Assert.Throws<OperationCanceledException>(() => evaluator.Evaluate([BigramNetwork.Depth(1)], null, source.Token));
    }

    [Fact]
    public void Evaluate_MuchText_ReportsProgressBetweenPortions()
    {
        // No two windows alike, since those would be computed once and cost nothing.
        var random = new Random(1);
        var letters = string.Concat(Enumerable.Range(0, 100_000).Select(_ => "ab"[random.Next(2)]));
        var text = TextSet.Create(letters, Tokenizer, new(64, 64, FirstTokenRule.Bos), "t");
        using var network = new BigramNetwork(Configuration);
        using var evaluator = new SuperNetworkEvaluator(network, Options(["perplexity"]), new(text, []));
        var calls = 0;
        var outcome = evaluator.Evaluate([BigramNetwork.Depth(1)], () => calls++, CancellationToken.None)[0];
        Assert.InRange(calls, 6, 8);
        Assert.Equal(text.Score(network.Score([BigramNetwork.Depth(1)], text.Requests, CancellationToken.None)[0]).Perplexity, outcome.Values[0]);
    }

    [Theory]
    [InlineData(1, 2 / 3.0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 0.25)]
    public void Evaluate_Constraints_GiveTheShareByWhichTheyAreBroken(int depth, double violation)
    {
        var perLayer = CostModel.BlockParameters(Configuration) / 4.0;
        using var network = new BigramNetwork(Configuration);
        var bounds = new ConstraintSpec("block_parameters", null, 3.2 * perLayer);
        using var evaluator = new SuperNetworkEvaluator(
            network, Options(["parameters"]) with { Constraints = [bounds, new("block_parameters", depth == 1 ? 3 * perLayer : null, 3.2 * perLayer)] }, Sets);
        var outcome = evaluator.Evaluate([BigramNetwork.Depth(depth)], null, CancellationToken.None)[0];

        // The upper bound stands there twice: a quarter over it counts once for each.
        Assert.Equal(depth == 4 ? 2 * violation : violation, outcome.ConstraintViolation, 12);
        Assert.Single(outcome.Values);
    }

    [Fact]
    public void Evaluate_Measured_TimesTheExtractedNetworkAlone()
    {
        var time = new ManualTime();
        using var network = new BigramNetwork(Configuration) { OnScore = all => time.Advance(5 * all[0].Layers.Length) };
        using var evaluator = new SuperNetworkEvaluator(network, Options(["latency_ms", "tokens_per_second"]), EvaluationSets.None, time: time);
        var outcome = evaluator.Evaluate([BigramNetwork.Depth(2)], null, CancellationToken.None)[0];
        Assert.Equal([new ObjectiveValue(10, 0), new ObjectiveValue(3 * 32 / 0.010, 0)], outcome.Values.ToArray());
        Assert.Equal(0, network.Calls);
    }

    [Fact]
    public void Evaluate_PredictedFromATable_CutsNothingOutAndNeedsNoDevice()
    {
        using var network = new BigramNetwork(Configuration);
        var options = Options(["latency_ms", "decode_tokens_per_second"]) with { Table = LatencyTableTests.Table };
        using var evaluator = new SuperNetworkEvaluator(network, options, EvaluationSets.None);
        using var alone = new DeviceGate().Exclude(CancellationToken.None);
        var outcomes = evaluator.Evaluate([BigramNetwork.Depth(2), BigramNetwork.Depth(4)], null, CancellationToken.None);

        var shape = Configuration.Extract(BigramNetwork.Depth(2));
        var table = LatencyTableTests.Table;
        Assert.Equal(
            [table.Predict(MeasuredPhase.Scoring, options.Measurement, shape).LatencyMs, table.Predict(MeasuredPhase.Decode, options.Measurement, shape).TokensPerSecond],
            outcomes[0].Values.ToArray());
        Assert.True(outcomes[1].Values[0].Value > outcomes[0].Values[0].Value);
        Assert.Equal(0, network.Calls);
    }

    [Fact]
    public void Evaluate_LayerOutsideTheTable_FailsTheCandidateWithTheReason()
    {
        using var network = new BigramNetwork(Configuration);
        using var evaluator = new SuperNetworkEvaluator(network, Options(["latency_ms"]) with { Table = LatencyTableTests.Table }, EvaluationSets.None);
        var narrow = new Architecture([new(0, ChannelSelection.Leading(2), ChannelSelection.Leading(3))]);
        Assert.Contains("Layer 0 has 3 MLP channels", evaluator.Evaluate([narrow], null, CancellationToken.None)[0].Failure!, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ScoredAndMeasured_SharesTheDeviceThenHasItAlone()
    {
        var gate = new DeviceGate();
        var seen = new List<(int, bool, int)>();
        using var network = new BigramNetwork(Configuration) { OnScore = _ => seen.Add(gate.State) };
        using var evaluator = new SuperNetworkEvaluator(network, Options(["perplexity", "latency_ms"]), Sets, gate, new SteppingTime());

        Assert.True(evaluator.Evaluate([BigramNetwork.Depth(2)], null, CancellationToken.None)[0].IsSuccess);

        // One warm-up and five measured calls.
        Assert.Equal([(1, false, 0), .. Enumerable.Repeat((0, true, 0), 6)], seen);
        Assert.Equal((0, false, 0), gate.State);
    }

    [Fact]
    public void Constructor_MissingSetOrCapability_SaysWhatIsMissing()
    {
        using var network = new BigramNetwork(Configuration);
        Assert.Contains("perplexity needs a text", Failure(["perplexity"], EvaluationSets.None), StringComparison.Ordinal);
        Assert.Contains("There is no value 'arc'", Failure(["arc"], EvaluationSets.None), StringComparison.Ordinal);

        string Failure(string[] objectives, EvaluationSets sets) =>
            Assert.Throws<NasClusterException>(() => new SuperNetworkEvaluator(network, Options(objectives), sets)).Message;
    }

    [Fact]
    public void Dispose_OwnedNetwork_DisposesOfIt()
    {
        using var shared = new BigramNetwork(Configuration);
        Evaluator(shared, ["parameters"]).Dispose();
        Assert.False(shared.IsDisposed);
        new SuperNetworkEvaluator(shared, Options(["parameters"]), Sets, ownsNetwork: true).Dispose();
        Assert.True(shared.IsDisposed);
    }

    private sealed class SteppingTime : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => _ticks += TimestampFrequency;
    }

    internal static EvaluatorOptions Options(string[] objectives) => new(
        [.. objectives.Select(o => Core.Evaluation.ObjectiveCatalog.Find(o, ["arc"])!)], [], WeightFormat.Float32, 64, new(3, 32, 1, 5));

    private static SuperNetworkEvaluator Evaluator(BigramNetwork network, string[] objectives) => new(network, Options(objectives), Sets);
}
