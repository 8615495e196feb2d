using System.Text;
using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Evaluation.Tests.Measurements.Tables;

public sealed class LatencyTableTests(ITestOutputHelper output)
{
    private static readonly LlamaConfiguration Configuration = BigramNetwork.Configuration(513);
    private static readonly PredictionCheck Check = new(20, 0.02, 0.05, 0.08, 0.9);

    internal static readonly LatencyTable Table = new(
        LatencyModel.Of(Configuration, "weights"), new("bigram-1", "float64", "fake", "a clock", 2), new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero),
        new(16, 2, 7, 5, 1), new([1, 2], [2], [8, 16], [1000]),
        [
            Section(MeasuredPhase.Decode, 3, 32, 1),
            Section(MeasuredPhase.Scoring, 3, 32, 10),
        ]);

    private static readonly MeasurementProtocol Protocol = new(3, 32, 1, 5);

    [Fact]
    public void Predict_Network_SumsItsTimesWithTheErrorOfTheCheck()
    {
        var shape = Configuration with { Layers = [new(1, 16), new(2, 12)] };
        var speed = Table.Predict(MeasuredPhase.Decode, Protocol, shape);

        // Rest 1, attention 2 and 3, MLP 6 and the mean of 4 and 6, and 100 ms for each million of the weights beyond 1000.
        var beyond = 100 * (CostModel.BlockParameters(shape) - 1000) / 1e6;
        Assert.Equal(1 + 2 + 3 + 6 + 5 + Math.Max(0, beyond), speed.LatencyMs.Value, 9);
        Assert.Equal(speed.LatencyMs.Value * 1.4826 * 0.02, speed.LatencyMs.StandardError, 9);
        Assert.Equal(3000 / speed.LatencyMs.Value, speed.TokensPerSecond.Value, 9);
        Assert.Equal(3 * 32 * 1000 / Table.Predict(MeasuredPhase.Scoring, Protocol, shape).LatencyMs.Value, Table.Predict(MeasuredPhase.Scoring, Protocol, shape).TokensPerSecond.Value, 9);
    }

    [Fact]
    public void Predict_SameLayersInAnotherOrder_TakeAsLong()
    {
        LlamaLayerShape[] layers = [new(1, 9), new(2, 10), new(2, 11), new(1, 13), new(2, 16)];
        var all = Enumerable.Range(0, layers.Length).Select(i => Configuration with { Layers = [.. layers[i..], .. layers[..i]] });
        Assert.Single(all.Select(shape => Table.Predict(MeasuredPhase.Decode, Protocol, shape)).Distinct());
    }

    [Fact]
    public void Predict_WhatItHasNot_IsRefusedWithWhatItHas()
    {
        Assert.Equal(
            "The latency table has no times of decode for batch 4 and 32 tokens; it has decode 3 x 32, scoring 3 x 32.",
            Failure(() => Table.Predict(MeasuredPhase.Decode, Protocol with { Batch = 4 }, Configuration)));
        Assert.Contains("no times of prefill", Failure(() => Table.Predict(MeasuredPhase.Prefill, Protocol, Configuration)), StringComparison.Ordinal);
        Assert.Contains("of 16 new tokens, and 8 are asked for", Failure(() => Table.Predict(MeasuredPhase.Decode, Protocol with { NewTokens = 8 }, Configuration)), StringComparison.Ordinal);
        Assert.Contains(
            "another model: its hidden size is 8, the model's is 16", Failure(() => Table.Predict(MeasuredPhase.Decode, Protocol, Configuration with { HiddenSize = 16 })),
            StringComparison.Ordinal);
        Assert.Contains("Layer 0 has 4 MLP channels", Failure(() => Table.Predict(MeasuredPhase.Decode, Protocol, Configuration with { Layers = [new(2, 4)] })), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckDevice_Another_IsRefusedWithWhatDiffers()
    {
        Table.CheckDevice(Table.Device with { });
        Assert.Contains("its hardware is a clock, here it is a watch", Failure(() => Table.CheckDevice(Table.Device with { Hardware = "a watch" })), StringComparison.Ordinal);
        Assert.Contains("its count of threads is 2, here it is 4", Failure(() => Table.CheckDevice(Table.Device with { Threads = 4 })), StringComparison.Ordinal);
        var network = new SuperNetworkInfo(Configuration, "weights", "float64", "fake", "bigram-1");
        Table.CheckEngine(network);
        Assert.Contains("its number format is float64, here it is bfloat16", Failure(() => Table.CheckEngine(network with { Precision = "bfloat16" })), StringComparison.Ordinal);
        Assert.Contains("its device is fake", Failure(() => Table.CheckEngine(network with { Device = "cuda:0" })), StringComparison.Ordinal);
        Assert.Contains("its engine is bigram-1", Failure(() => Table.CheckEngine(network with { NumericsVersion = "torch-1" })), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AndRead_GivesTheSameTable()
    {
        var read = LatencyTableJson.Read(LatencyTableJson.Write(Table), "t");
        Assert.Equal((Table.Model, Table.Device, Table.Measured, Table.Protocol, Table.Knots), (read.Model, read.Device, read.Measured, read.Protocol, read.Knots));
        Assert.Equal(Table.Sections.AsEnumerable(), read.Sections);
        Assert.Equal(Table.Fingerprint, read.Fingerprint);
    }

    [Fact]
    public void Fingerprint_AnyTime_ChangesIt()
    {
        var other = Table with { Sections = [Table.Sections[0] with { Rest = new(1.0000000001, 0) }, Table.Sections[1]] };
        Assert.NotEqual(Table.Fingerprint, other.Fingerprint);
        Assert.Equal(64, Table.Fingerprint.Length);
    }

    [Theory]
    [InlineData("\"schema\": 1", "\"schema\": 2", "schema is 2; this version reads 1")]
    [InlineData("\"threads\": 2", "\"threads\": 0", "device.threads is 0")]
    [InlineData("\"threads\": 2", "\"threads\": 2, \"cores\": 3", "no latency table")]
    [InlineData("\"hardware\": \"a clock\",", "", "no latency table")]
    [InlineData("\"hardware\": \"a clock\"", "\"hardware\": \"a\\nclock\"", "device.hardware must have 1 to 500 letters on one line")]
    [InlineData("\"hardware\": \"a clock\"", "\"hardware\": null", "no latency table")]
    [InlineData("\"phase\": \"decode\"", "\"phase\": \"sleep\"", "sections[0].phase must be one of scoring, prefill, decode")]
    [InlineData("\"phase\": \"decode\"", "\"phase\": \"scoring\"", "sections[1] is of scoring, batch 3 and 32 tokens again")]
    [InlineData("\"median_error\": 0.02", "\"median_error\": -0.02", "sections[0].fit.median_error must be a number from 0")]
    [InlineData("\"kendall_tau\": 0.9", "\"kendall_tau\": 1.9", "sections[0].fit.kendall_tau must be in [-1, 1]")]
    [InlineData("1000\n", "-1\n", "knots.sizes[0] is -1")]
    public void Read_WhatIsWrong_IsRefusedWithPlaceAndRule(string before, string after, string message)
    {
        var text = LatencyTableJson.Write(Table);
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0);
        var failure = Failure(() => LatencyTableJson.Read(text[..at] + after + text[(at + before.Length)..], "table.json"));
        Assert.StartsWith("table.json: ", failure, StringComparison.Ordinal);
        Assert.Contains(message, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OptionWithoutItsTime_IsRefused()
    {
        var short1 = Table with { Sections = [Table.Sections[0] with { Mlp = Table.Sections[0].Mlp[..1] }] };
        Assert.Contains("sections[0].mlp_ms must have 2 entries", Failure(() => LatencyTableJson.Read(LatencyTableJson.Write(short1), "t")), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Mutated_IsReadOrRefused()
    {
        byte[][] seeds = [Encoding.UTF8.GetBytes(LatencyTableJson.Write(Table))];
        output.WriteLine(Fuzzer.Run(
            seeds,
            bytes => LatencyTableJson.Read(Encoding.UTF8.GetString(bytes), "table.json"),
            new FuzzOptions { Words = ["\"sections\":", "null", "1e308", "{}", "[]", "\"prefill\""] }).ToString());
    }

    private static LatencySection Section(MeasuredPhase phase, int batch, int tokens, double scale) => new(
        phase, batch, tokens, Ms(1), [Ms(2), Ms(3)], [Ms(4), Ms(6)], [Ms(100)], Check, Check, 0.01)
    { Rest = new(scale, 0.1) };

    private static ObjectiveValue Ms(double value) => new(value, 0.1);

    private static string Failure(Action action) => Assert.Throws<NasClusterException>(action).Message;
}
