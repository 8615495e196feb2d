using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Measurements;

public sealed class DecodingSpeedTests
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration();
    private static readonly MeasurementProtocol Protocol = new(Batch: 3, Tokens: 10, WarmUp: 1, Repeats: 2) { NewTokens = 4 };
    private readonly VirtualTime _time = new();

    [Fact]
    public void TakeDecoding_PromptThenSteps_TimesThemApart()
    {
        var calls = new List<(int, int, int)>();
        using var network = new TimedNetwork(Configuration, _time, (_, before, now) => before == 0 ? 20 : before) { Advanced = (a, b, c) => calls.Add((a, b, c)) };

        var (prefill, decode) = SpeedMeasurement.TakeDecoding(network, Protocol, _time, CancellationToken.None);

        // A step after n tokens takes n ms: 10, 11, 12 and 13 of them.
        Assert.Equal([new(20, 0), new(3 * 10 / 0.020, 0)], (ObjectiveValue[])[prefill.LatencyMs, prefill.TokensPerSecond]);
        Assert.Equal([new(11.5, 0), new(3 / 0.0115, 0)], (ObjectiveValue[])[decode.LatencyMs, decode.TokensPerSecond]);
        (int, int, int)[] each = [(0, 30, 14), (10, 3, 14), (11, 3, 14), (12, 3, 14), (13, 3, 14)];
        Assert.Equal([.. each, .. each, .. each], calls);
    }

    [Fact]
    public void TakeDecoding_EngineThatCannot_IsRefused()
    {
        using var network = new BigramNetwork(Configuration);
        var failure = Assert.Throws<NasClusterException>(() => SpeedMeasurement.TakeDecoding(network, Protocol, _time, CancellationToken.None));
        Assert.Contains("does not decode token by token", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_DecodingAskedOfAnEngineThatCannot_IsRefusedBeforeAnythingIsEvaluated()
    {
        using var network = new BigramNetwork(Configuration);
        var failure = Assert.Throws<NasClusterException>(() => new SuperNetworkEvaluator(network, Options("parameters", "decode_ms"), EvaluationSets.None));
        Assert.Contains("decode_ms needs an engine that decodes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_DecodingObjectives_HasTheDeviceAloneAndMeasuresNothingElse()
    {
        var gate = new DeviceGate();
        var states = new HashSet<(int, bool, int)>();
        var calls = new List<int>();
        using var network = new TimedNetwork(Configuration, _time, (shape, before, now) => shape.Layers.Length * (before == 0 ? now : 2))
        {
            Advanced = (before, _, _) =>
            {
                states.Add(gate.State);
                calls.Add(before);
            },
        };
        var options = Options("decode_ms", "prefill_ms", "decode_tokens_per_second", "prefill_tokens_per_second");
        using var evaluator = new SuperNetworkEvaluator(network, options, EvaluationSets.None, gate, _time);

        var outcome = evaluator.Evaluate([BigramNetwork.Depth(3)], null, CancellationToken.None)[0];

        ObjectiveValue[] expected = [new(6, 0), new(30, 0), new(3 / 0.006, 0), new(3 * 10 / 0.030, 0)];
        Assert.Equal(expected, outcome.Values.ToArray());
        Assert.Equal((0, true, 0), Assert.Single(states));
        Assert.Equal(3 * 5, calls.Count);
        Assert.Equal(0, network.Held);
    }

    [Fact]
    public void Evaluate_SequencesLongerThanTheModelTakes_FailsTheCandidateWithTheReason()
    {
        using var network = new TimedNetwork(Configuration, _time, (_, _, _) => 1);
        using var evaluator = new SuperNetworkEvaluator(
            network, Options("decode_ms") with { Measurement = Protocol with { Tokens = 64 } }, EvaluationSets.None, time: _time);
        Assert.Contains("too long", evaluator.Evaluate([BigramNetwork.Depth(1)], null, CancellationToken.None)[0].Failure!, StringComparison.Ordinal);
    }

    private static EvaluatorOptions Options(params string[] objectives) => SuperNetworkEvaluatorTests.Options(objectives) with { Measurement = Protocol };
}
