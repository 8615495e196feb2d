using System.Text.Json;
using System.Text.RegularExpressions;
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
        var text = _output.ToString();
        Assert.All(Escapes().Replace(text, "\r").Split('\n', '\r'), line => Assert.True(line.Length < width, $"{line.Length} columns: {line}"));

        var last = Escapes().Replace(text[text.LastIndexOf("200 of 200", StringComparison.Ordinal)..], "");
        Assert.True(last.Split('\n').Length < height, $"{last.Split('\n').Length} rows");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(double.NaN)]
    public void Constructor_ImpossibleStep_IsRefused(double percent) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new LiveProgress(ReportConsole.Create(_output, 80), _time, new ProgressOptions { LineEveryPercent = percent }));

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

    private sealed class SlowSource : IProgressSource
    {
        private int _reads;

        public ProgressSnapshot Read() => ScriptedSource.At(_reads++ / 50, 4);
    }
}
