using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Prediction;
using NasCluster.Reporting.Progress;
using Spectre.Console;

namespace NasCluster.Reporting.Tests.Progress;

public partial class LiveProgressTests
{
    private readonly InstantTime _time = new();
    private readonly StringWriter _output = new();

    [Fact]
    public async Task RunAsync_Lines_MatchGolden()
    {
        await RunAsync(new ScriptedSource(200, 1), new ProgressOptions { Mode = ProgressMode.Lines });
        Golden.Matches("progress-lines.txt", _output.ToString());
    }

    [Fact]
    public async Task RunAsync_SlowSearch_WritesALineEveryFewSeconds()
    {
        // 0.2 s a look, one evaluation in 50 looks: 10 s each, so every 5 s and at every step.
        var source = new SlowSource();
        await RunAsync(source, new ProgressOptions { Mode = ProgressMode.Lines, LineEveryPercent = 50 });
        var elapsed = Lines().Select(l => ElapsedSeconds().Match(l).Groups[1].Value).ToArray();
        Assert.Equal(["0.0", "5.0", "10.0", "15.0", "20.0", "25.0", "30.0", "35.0", "40.0"], elapsed);
    }

    [Fact]
    public async Task RunAsync_Json_WritesOneObjectALine()
    {
        await RunAsync(new ScriptedSource(200, 10), new ProgressOptions { Mode = ProgressMode.Json });
        var objects = Lines().Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal([0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200], objects.Select(o => o.GetProperty("done").GetInt32()));
        Assert.Equal(JsonValueKind.Null, objects[0].GetProperty("rate_per_second").ValueKind);
        Assert.Equal(50, objects[^1].GetProperty("rate_per_second").GetDouble(), 9);
        Assert.Equal(0, objects[^1].GetProperty("left_seconds").GetDouble());
        Assert.Equal("finished", objects[^1].GetProperty("state").GetString());
        var best = objects[^1].GetProperty("best").GetProperty("parameters");
        Assert.Equal(Reports.Large.Rows.Min(r => r.Values[1].Value), best.GetProperty("value").GetDouble());
        Assert.Equal(Reports.Large.Front.Length, objects[^1].GetProperty("front_size").GetInt32());
    }

    [Theory]
    [InlineData(ProgressMode.Lines)]
    [InlineData(ProgressMode.Json)]
    [InlineData(ProgressMode.Live)]
    public async Task RunAsync_ToldToEnd_ShowsTheLatestOnceMore(ProgressMode mode)
    {
        using var end = new CancellationTokenSource();
        var source = new ScriptedSource(1000, 1, done =>
        {
            if (done == 7)
            {
                end.Cancel();
            }
        });
        await new LiveProgress(Terminal(100, 30), _time, new ProgressOptions { Mode = mode }).RunAsync(source, end.Token);
        Assert.Contains(mode == ProgressMode.Json ? "\"done\":8," : "8 of 1,000", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(mode == ProgressMode.Json ? "\"done\":9," : "9 of 1,000", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AutoWithoutTerminal_WritesPlainLines()
    {
        await RunAsync(new ScriptedSource(200, 50), new ProgressOptions());
        Assert.DoesNotContain('\u001b', _output.ToString());
        Assert.Equal(5, Lines().Length);
    }

    [Fact]
    public async Task RunAsync_Live_RedrawsInPlaceAndLeavesTheLastPicture()
    {
        await new LiveProgress(Terminal(100, 40), _time, new ProgressOptions { Mode = ProgressMode.Live })
            .RunAsync(new ScriptedSource(200, 40), CancellationToken.None);
        var text = _output.ToString();
        Assert.True(text.Contains("\u001b[1A", StringComparison.Ordinal) || CursorUp().IsMatch(text), "The cursor never went back up.");
        Assert.DoesNotContain("\u001b[2J", text, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h", text, StringComparison.Ordinal);

        var last = Escapes().Replace(text[text.LastIndexOf("stories260K", StringComparison.Ordinal)..], "");
        Golden.Matches("live-last.txt", string.Join('\n', last.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())));
    }

    [Theory]
    [InlineData(100, 40)]
    [InlineData(60, 20)]
    [InlineData(40, 10)]
    [InlineData(20, 6)]
    public async Task RunAsync_Live_StaysInsideTheTerminal(int width, int height)
    {
        await new LiveProgress(Terminal(width, height), _time, new ProgressOptions { Mode = ProgressMode.Live })
            .RunAsync(new ScriptedSource(200, 200), CancellationToken.None);
        AssertInside(width, height, "200 of 200");
    }

    [Theory]
    [InlineData(100, 40, 3)]
    [InlineData(100, 40, 1000)]
    [InlineData(80, 24, 3)]
    [InlineData(60, 20, 12)]
    [InlineData(40, 10, 12)]
    [InlineData(20, 6, 12)]
    [InlineData(5, 3, 12)]
    public async Task RunAsync_LiveWithEvaluators_StaysInsideTheTerminal(int width, int height, int evaluators)
    {
        await ShowAsync(width, height, Evaluators(evaluators));
        AssertInside(width, height, "100 of ");
    }

    [Theory]
    [InlineData(100, 40, 3, "live-evaluators.txt")]
    [InlineData(80, 24, 12, "live-evaluators-narrow.txt")]
    public async Task RunAsync_LiveWithEvaluators_MatchesGolden(int width, int height, int evaluators, string golden)
    {
        await ShowAsync(width, height, Evaluators(evaluators));

        var text = _output.ToString();
        var last = Escapes().Replace(text[text.LastIndexOf("stories260K", StringComparison.Ordinal)..], "");
        Golden.Matches(golden, string.Join('\n', last.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())));
    }

    [Fact]
    public async Task RunAsync_LiveWithoutEvaluatorsNow_SaysSo()
    {
        await ShowAsync(100, 40, []);
        Assert.Matches(@"evaluators\s+none", Escapes().Replace(_output.ToString(), ""));
    }

    [Fact]
    public async Task RunAsync_JsonWithEvaluators_ListsThem()
    {
        await ShowAsync(100, 40, Evaluators(3), ProgressMode.Json);

        var line = JsonDocument.Parse(Lines()[^1]).RootElement;
        var rows = line.GetProperty("evaluators").EnumerateArray().ToArray();
        Assert.Equal(["busy", "idle", "draining"], rows.Select(r => r.GetProperty("state").GetString()));
        Assert.Equal("127.0.0.1:11112@152000001/cpu", rows[1].GetProperty("evaluator").GetString());
        Assert.Equal((2, 4, 1234, 5, 1), (
            rows[0].GetProperty("in_hand").GetInt32(), rows[0].GetProperty("batch").GetInt32(), rows[0].GetProperty("evaluations").GetInt32(),
            rows[0].GetProperty("failed").GetInt32(), rows[0].GetProperty("super_networks_loaded").GetInt32()));
        Assert.Equal(2.5, rows[0].GetProperty("rate_per_second").GetDouble());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("rate_per_second").ValueKind);
    }

    [Fact]
    public async Task RunAsync_JsonWithoutEvaluators_SaysNothingOfThem()
    {
        await RunAsync(new ScriptedSource(200, 200), new ProgressOptions { Mode = ProgressMode.Json });
        Assert.DoesNotContain("evaluators", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LinesWithEvaluators_CountsThem()
    {
        await ShowAsync(100, 40, Evaluators(6), ProgressMode.Lines);
        Assert.Contains(", evaluators: 2 busy, 2 idle, 2 draining, front ", Lines()[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProgressMode.Live, "predictor +loss tau 0.83, error 4.1 % \\(round 3\\)")]
    [InlineData(ProgressMode.Lines, ", predicted loss tau 0.83, error 4.1 % \\(round 3\\)")]
    [InlineData(ProgressMode.Json, """
        "predictors":{"loss":{"round":3,"kind":"radial_kernel","kendall_tau":0.83,"mape":0.041,"samples":150}}
        """)]
    public async Task RunAsync_SearchThatPredicts_SaysHowWell(ProgressMode mode, string expected)
    {
        var snapshot = ScriptedSource.At(100, 200);
        Assert.DoesNotContain("predict", ProgressLine.Json(new(snapshot, default, null, null)), StringComparison.Ordinal);

        await ShowAsync(100, 40, snapshot with { Predictors = [new PredictorFit(3, "loss", PredictorKind.RadialKernel, 0.83, 0.041, 150)] }, mode);
        Assert.Matches(expected.Trim(), Escapes().Replace(_output.ToString(), ""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(double.NaN)]
    public void Constructor_ImpossibleStep_IsRefused(double percent) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new LiveProgress(ReportConsole.Create(_output, 80), _time, new ProgressOptions { LineEveryPercent = percent }));

    private static ImmutableArray<EvaluatorRow> Evaluators(int count) => [.. Enumerable.Range(0, count).Select(i => new EvaluatorRow
    {
        Name = $"127.0.0.1:{11111 + i}@{152000000 + i}/cpu",
        Activity = (i % 3) switch { 0 => EvaluatorActivity.Busy, 1 => EvaluatorActivity.Idle, _ => EvaluatorActivity.Draining },
        InHand = i % 3 == 1 ? 0 : 2,
        BatchSize = 4,
        Evaluations = i % 3 == 1 ? 0 : 1234 + i,
        Failed = i % 3 == 1 ? 0 : 5,
        PerSecond = i % 3 == 1 ? null : 2.5,
        SuperNetworks = 1,
    })];

    private Task ShowAsync(int width, int height, ImmutableArray<EvaluatorRow> evaluators, ProgressMode mode = ProgressMode.Live) =>
        ShowAsync(width, height, ScriptedSource.At(100, 200) with { Evaluators = evaluators }, mode);

    private async Task ShowAsync(int width, int height, ProgressSnapshot snapshot, ProgressMode mode)
    {
        using var end = new CancellationTokenSource();
        await end.CancelAsync();
        await new LiveProgress(Terminal(width, height), _time, new ProgressOptions { Mode = mode }).RunAsync(new SharedSource(snapshot), end.Token);
    }

    private void AssertInside(int width, int height, string count)
    {
        var text = _output.ToString();
        Assert.All(Escapes().Replace(text, "\r").Split('\n', '\r'), line => Assert.True(line.Length < width, $"{line.Length} columns: {line}"));

        var last = Escapes().Replace(text[Math.Max(0, text.LastIndexOf(count, StringComparison.Ordinal))..], "");
        Assert.True(last.Split('\n').Length < height, $"{last.Split('\n').Length} rows");
    }

    private Task RunAsync(IProgressSource source, ProgressOptions options) =>
        new LiveProgress(ReportConsole.Create(_output, 80), _time, options).RunAsync(source, CancellationToken.None);

    private IAnsiConsole Terminal(int width, int height)
    {
        var console = ReportConsole.Create(_output, width, ansi: true);
        console.Profile.Height = height;
        return console;
    }

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');

    [GeneratedRegex(@"([\d.]+) s elapsed")]
    private static partial Regex ElapsedSeconds();

    [GeneratedRegex(@"\e\[\d+A")]
    private static partial Regex CursorUp();

    [GeneratedRegex(@"\e\[[?\d;]*[A-Za-z]")]
    private static partial Regex Escapes();

    private sealed class SharedSource(ProgressSnapshot snapshot) : IProgressSource
    {
        public ProgressSnapshot Read() => snapshot;
    }

    private sealed class SlowSource : IProgressSource
    {
        private int _reads;

        public ProgressSnapshot Read() => ScriptedSource.At(_reads++ / 50, 4);
    }
}
