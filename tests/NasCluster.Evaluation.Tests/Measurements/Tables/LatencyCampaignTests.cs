using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Measurements.Tables;

public sealed class LatencyCampaignTests
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration();
    private static readonly DeviceClass Device = new("timed-1", "float64", "fake", "a clock", 1);
    private static readonly TableProtocol Protocol = new(NewTokens: 4, WarmUp: 1, Repeats: 3, Rounds: 5, Seed: 1);
    private static readonly LatencyDesign Design = new(Configuration, LlamaSpaceOptions.Uniform(4, [2, 3, 4], [4, 8, 16], [1, 2]), 20, 1);
    private readonly VirtualTime _time = new();

    [Fact]
    public void Run_TimesThatAddUp_PredictsEveryNetworkExactly()
    {
        using var network = new TimedNetwork(Configuration, _time, Additive);

        var table = Campaign(network, new Workload(MeasuredPhase.Prefill, 2, 20), new(MeasuredPhase.Decode, 2, 20), new(MeasuredPhase.Scoring, 1, 30)).Run(Device, null, CancellationToken.None);

        Assert.Equal(3, table.Sections.Length);
        Assert.All(table.Sections, s =>
        {
            Assert.InRange(s.Check.WorstError, 0, 1e-5);
            Assert.Equal((20, 20), (s.Check.Networks, Design.HeldOut.Length));

            // Networks of the same layers in another order tie, but for the last bits of their measured times.
            Assert.InRange(s.Check.KendallTau, 0.95, 1);
            Assert.InRange(s.Noise, 0, 1e-6);
        });
        Assert.All(Design.HeldOut.Select(Configuration.Extract), shape => Assert.Equal(
            Additive(shape, 0, 20), table.Predict(MeasuredPhase.Prefill, new(2, 20, 0, 1) { NewTokens = 4 }, shape).LatencyMs.Value, 3));
        var prefill = table.Sections[0];
        Assert.Equal(5, prefill.Rest.Value, 2);
        Assert.Equal([2, 4], prefill.Attention.Select(a => Math.Round(a.Value, 2)));
        Assert.Equal([4, 8, 16], prefill.Mlp.Select(m => Math.Round(m.Value, 2)));
        Assert.Equal(0, network.Held);
    }

    [Fact]
    public void Run_BusyMachine_PredictsNearlyAsWell()
    {
        // A slow round now and then, a tenth of noise on every call, and one call in ten far slower.
        var random = new Random(4);
        var level = 1.0;
        using var network = new TimedNetwork(Configuration, _time, (shape, before, now) =>
            Additive(shape, before, now) * level * (1 + (0.1 * random.NextDouble())) * (random.Next(10) == 0 ? 8 : 1));
        var campaign = Campaign(network, new Workload(MeasuredPhase.Prefill, 1, 20));

        var table = campaign.Run(Device, done => level = done * 5 / campaign.Count % 2 == 0 ? 1 : 1.7, CancellationToken.None);

        Assert.InRange(table.Sections[0].Check.MedianError, 0, 0.05);
        Assert.InRange(table.Sections[0].Check.KendallTau, 0.8, 1);
        Assert.InRange(table.Sections[0].Mlp[^1].Value, 10, 22);
        Assert.True(table.Sections[0].Mlp[^1].StandardError > 0);
    }

    [Fact]
    public void Run_LargeNetworksThatFitNoCache_AreSeenToBeSlower()
    {
        double Cached(LlamaConfiguration shape, int before, int now) =>
            Additive(shape, before, now) + (0.01 * Math.Max(0, CostModel.BlockParameters(shape) - Design.Knots.Sizes[1]));

        using var network = new TimedNetwork(Configuration, _time, Cached);
        var section = Campaign(network, new Workload(MeasuredPhase.Decode, 1, 20)).Run(Device, null, CancellationToken.None).Sections[0];
        Assert.InRange(section.Check.WorstError, 0, 1e-4);
        Assert.Equal(10_000, section.Beyond[1].Value, 0);
    }

    [Fact]
    public void Run_EveryRound_MeasuresEveryNetworkOnceInAnOrderOfItsOwn()
    {
        var seen = new List<Architecture>();
        var done = new List<int>();
        using var network = new TimedNetwork(Configuration, _time, Additive) { Extracting = seen.Add };
        var campaign = Campaign(network, new Workload(MeasuredPhase.Decode, 1, 20));

        campaign.Run(Device, done.Add, CancellationToken.None);

        var all = Design.Fitted.Concat(Design.HeldOut).ToHashSet();
        var rounds = seen.Chunk(all.Count).ToArray();
        Assert.Equal(Protocol.Rounds, rounds.Length);
        Assert.All(rounds, round => Assert.True(all.SetEquals(round)));
        Assert.Equal(rounds.Length, rounds.Select(r => string.Join(",", r.Select(a => $"{a}"))).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, campaign.Count), done);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        using var network = new TimedNetwork(Configuration, _time, Additive);
        var campaign = Campaign(network, new Workload(MeasuredPhase.Decode, 1, 20));
        Assert.Throws<OperationCanceledException>(() => campaign.Run(Device, _ => source.Cancel(), source.Token));
        Assert.Equal(0, network.Held);
    }

    [Fact]
    public void Constructor_WhatCannotBeMeasured_IsRefused()
    {
        using var scoring = new BigramNetwork(Configuration);
        using var network = new TimedNetwork(Configuration, _time, Additive);
        Assert.Contains("measured at scoring only", Failure(scoring, new(MeasuredPhase.Decode, 1, 20)), StringComparison.Ordinal);
        Assert.Contains("61 tokens and 4 new ones are more than the 64 positions", Failure(network, new(MeasuredPhase.Prefill, 1, 61)), StringComparison.Ordinal);
        Campaign(network, new Workload(MeasuredPhase.Scoring, 1, 64));
        Campaign(scoring, new Workload(MeasuredPhase.Scoring, 1, 64));

        string Failure(ISuperNetwork on, Workload workload) => Assert.Throws<NasClusterException>(() => Campaign(on, workload)).Message;
    }

    // 5 ms and for each layer 2 ms a group and 1 ms a channel of the MLP.
    private static double Additive(LlamaConfiguration shape, int before, int now) => 5 + shape.Layers.Sum(l => (2 * l.KvHeadCount) + l.IntermediateSize);

    private LatencyCampaign Campaign(ISuperNetwork network, params Workload[] workloads) => new(network, Design, Protocol, workloads, _time);
}
