using System.Text.Json;
using NasCluster.Embedded.Storage;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Local.Engines;

namespace NasCluster.Local.Tests;

public sealed class LatencyTests : IDisposable
{
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Latency_ThenSearch_PredictsFromTheTableAndEndsTheSameWithAnyWorkers()
    {
        var table = _model.At("table.json");
        var measured = Nas.Run([.. Measure(table, "prefill,decode,scoring", "--batch", "1,2", "--tokens", "16,24")]);

        Assert.True(measured.ExitCode == 0, measured.Errors);
        Assert.Contains("decode, batch 2, 24 tokens and 4 new ones: milliseconds", measured.Output, StringComparison.Ordinal);
        Assert.Contains("6 networks predicted and measured: error", measured.Output, StringComparison.Ordinal);
        // Four widths at three depths, attention and MLPs alone, and six to check on, twice.
        Assert.Contains("nas: 40 of 40 measurements", measured.Errors, StringComparison.Ordinal);
        var read = LatencyTableJson.ReadFile(table);
        Assert.Equal(3 * 2 * 2, read.Sections.Length);
        Assert.Equal([12, 24, 36, 48], read.Knots.MlpChannels.AsEnumerable());
        Assert.All(read.Sections, s => Assert.True(s.Check.Networks == 6 && s.Rest.Value + s.Attention.Sum(a => a.Value) + s.Mlp.Sum(m => m.Value) > 0));

        string[] settings = [.. Predicted(table), "--set", "objectives=[perplexity, decode_ms, latency_ms]"];
        var one = Nas.Run(_model.Search("one", 14, [.. settings, "--workers", "1"]));
        var two = Nas.Run(_model.Search("two", 14, [.. settings, "--workers", "2"]));

        Assert.True(one.ExitCode == 0, one.Errors);
        Assert.True(two.ExitCode == 0, two.Errors);
        Assert.Equal(Outcomes("one"), Outcomes("two"));
        Assert.All(Outcomes("one"), o => Assert.Contains(" ± ", o, StringComparison.Ordinal));
    }

    [Fact]
    public void Latency_Json_IsTheTable()
    {
        var table = _model.At("table.json");
        var result = Nas.Run([.. Measure(table, "decode", "--format", "json")]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(File.ReadAllText(table), result.Output);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("decode", Assert.Single(json.RootElement.GetProperty("sections").EnumerateArray()).GetProperty("phase").GetString());
    }

    [Fact]
    public void Search_TableOfAnotherMachine_IsRefusedUnlessAskedFor()
    {
        var table = _model.At("table.json");
        Assert.Equal(0, Nas.Run([.. Measure(table, "decode", "--tokens", "16")]).ExitCode);
        var read = LatencyTableJson.ReadFile(table);
        File.WriteAllText(table, LatencyTableJson.Write(read with { Device = read.Device with { Hardware = "another processor" } }));
        string[] settings = [.. Predicted(table), "--set", "objectives=[parameters, decode_ms]"];

        Refusal.AssertOneLine(Nas.Run(_model.Search("run", 5, settings)), Refusal.Failure, "another class of devices: its hardware is another processor");
        Assert.False(Directory.Exists(_model.At("run")));
        var asked = Nas.Run(_model.Search("run", 5, [.. settings, "--set", "measurement.table_device=any"]));
        Assert.True(asked.ExitCode == 0, asked.Errors);
    }

    [Theory]
    [InlineData("--phase", "sleep", "--phase is 'sleep'; 'sleep' must be one of scoring, prefill, decode.")]
    [InlineData("--batch", "1,0", "--batch is '1,0'; '0' must be a whole number in [1, 65536].")]
    [InlineData("--tokens", "1", "--tokens is '1'; '1' must be a whole number in [2, 1048576].")]
    [InlineData("--check", "1", "--check is '1'; it must be a whole number in [4, 10000].")]
    public void Latency_WrongOption_IsRefused(string option, string value, string message)
    {
        var result = Nas.Run("latency", "--model", _model.ModelPath, "--out", _model.At("t"), option, value);
        Refusal.AssertOneLine(result, Refusal.Usage, message);
    }

    [Theory]
    [InlineData("more than the", "--tokens", "1000000")]
    [InlineData("measure instead", "--set", "space.depth=[4]", "--set", "space.mlp=[1.0]")]
    [InlineData("space.depth[0] is 9", "--set", "space.depth=[9]")]
    public void Latency_WhatCannotBeMeasured_IsRefusedBeforeAnythingIs(string message, params string[] more)
    {
        var result = Nas.Run(["latency", "--model", _model.ModelPath, "--out", _model.At("t"), .. more]);
        Refusal.AssertOneLine(result, Refusal.Failure, message);
        Assert.False(File.Exists(_model.At("t")));
    }

    [Theory]
    [InlineData("AMD EPYC 9R14", "processor\t: 0", "model name\t: AMD EPYC 9R14", "model name\t: another")]
    [InlineData("Raspberry Pi 5", "processor\t: 0", "Model\t\t: Raspberry Pi 5")]
    [InlineData(null, "processor\t: 0", "model name\t:")]
    public void ProcessorIn_Text_IsTheFirstName(string? expected, params string[] lines) => Assert.Equal(expected, DeviceHardware.ProcessorIn(lines));

    private string[] Measure(string table, string phases, params string[] more) =>
    [
        "latency", "--model", _model.ModelPath, "--phase", phases, "--out", table, "--check", "6", "--rounds", "2",
        "--set", "space.depth=[2, 3, 4]", "--set", "space.mlp=[0.25, 0.5, 0.75, 1.0]", "--set", "data.window=64",
        "--set", "measurement.new_tokens=4", "--set", "measurement.repeats=2", "--set", "measurement.warm_up=1", .. more,
    ];

    private static string[] Predicted(string table) => ["--set", $"measurement.table={table}", "--set", "measurement.tokens=16", "--set", "measurement.new_tokens=4"];

    private string[] Outcomes(string run)
    {
        using var reader = RunReader.Open(_model.At(run));
        return [.. reader.ReadOutcomes().OrderBy(o => o.Trial.Id.Value).Select(o => $"{o.Trial.Genome}: {string.Join(", ", o.Outcome.Values.Select(v => $"{v.Value:R} ± {v.StandardError:R}"))}")];
    }
}
