using System.Text.Json;
using System.Text.RegularExpressions;
using NasCluster.Reporting.Progress;
using NasCluster.Reporting.Tests.Progress;
using NasCluster.Reporting.Training;

namespace NasCluster.Reporting.Tests.Training;

public partial class TrainingProgressTests
{
    private readonly InstantTime _time = new();
    private readonly StringWriter _output = new();

    [Fact]
    public async Task RunAsync_Lines_SayEverythingThatIsKnown()
    {
        await RunAsync(new ScriptedRun(100), new ProgressOptions { Mode = ProgressMode.Lines, LineEveryPercent = 50 });

        // A look every 0.2 s, a step and 1,000 tokens a look; sub-networks are scored from step 40 on.
        Assert.Equal(
            [
                "world-3M: step 0 of 100 (0 %), 0.0 s elapsed, time left unknown, 0 tokens",
                "world-3M: step 25 of 100 (25 %), 5.0 s elapsed, 15.0 s left, 25.00 K tokens, 5.000 K tokens/s, learning rate 9.75e-4, training 4.750",
                "world-3M: step 50 of 100 (50 %), 10.0 s elapsed, 10.0 s left, 50.00 K tokens, 5.000 K tokens/s, learning rate 9.5e-4, training 4.500, largest 4.000, smallest 5.250, random 4.500",
                "world-3M: step 75 of 100 (75 %), 15.0 s elapsed, 5.0 s left, 75.00 K tokens, 5.000 K tokens/s, learning rate 9.25e-4, training 4.250, largest 4.000, smallest 5.250, random 4.500",
                "world-3M: step 100 of 100 (100 %), 20.0 s elapsed, finished, 100.0 K tokens, 5.000 K tokens/s, learning rate 9e-4, training 4.000, largest 4.000, smallest 5.250, random 4.500",
            ],
            Lines());
    }

    [Fact]
    public async Task RunAsync_Json_WritesOneObjectALine()
    {
        await RunAsync(new ScriptedRun(10), new ProgressOptions { Mode = ProgressMode.Json, LineEveryPercent = 50 });

        var objects = Lines().Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal([0, 5, 10], objects.Select(o => o.GetProperty("step").GetInt32()));
        Assert.Equal(JsonValueKind.Null, objects[0].GetProperty("tokens_per_second").ValueKind);
        Assert.Equal(JsonValueKind.Null, objects[2].GetProperty("largest_loss").ValueKind);
        Assert.Equal(5000, objects[2].GetProperty("tokens_per_second").GetDouble(), 6);
        Assert.Equal(0, objects[2].GetProperty("left_seconds").GetDouble());
        Assert.Equal(4.9, objects[2].GetProperty("training_loss").GetDouble());
        Assert.Equal("finished", objects[2].GetProperty("state").GetString());
    }

    [Fact]
    public async Task RunAsync_LossIsNoNumber_IsSaid()
    {
        await RunAsync(new ScriptedRun(2, double.NaN), new ProgressOptions { Mode = ProgressMode.Lines });
        await RunAsync(new ScriptedRun(2, double.NaN), new ProgressOptions { Mode = ProgressMode.Json });

        Assert.Contains("training NaN", Lines()[2], StringComparison.Ordinal);
        Assert.Contains("\"training_loss\":null", Lines()[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 40, true)]
    [InlineData(60, 20, true)]
    [InlineData(40, 8, false)]
    [InlineData(20, 6, false)]
    public async Task RunAsync_Live_StaysInsideTheTerminal(int width, int height, bool fitsAll)
    {
        var console = ReportConsole.Create(_output, width, ansi: true);
        console.Profile.Height = height;
        await new TrainingProgress(console, _time, new ProgressOptions { Mode = ProgressMode.Live }).RunAsync(new ScriptedRun(100), CancellationToken.None);

        var text = _output.ToString();
        Assert.All(Escapes().Replace(text, "\r").Split('\n', '\r'), line => Assert.True(line.Length < width, $"{line.Length} columns: {line}"));
        var last = Escapes().Replace(text[text.LastIndexOf("100 of 100", StringComparison.Ordinal)..], "");
        Assert.True(last.Split('\n').Length < height, $"{last.Split('\n').Length} rows");
        Assert.Equal(fitsAll, last.Contains("smallest loss   5.250 nats", StringComparison.Ordinal));
    }

    private Task RunAsync(ITrainingProgressSource source, ProgressOptions options) =>
        new TrainingProgress(ReportConsole.Create(_output, 80), _time, options).RunAsync(source, CancellationToken.None);

    private string[] Lines() => _output.ToString().TrimEnd('\n').Split('\n');

    [GeneratedRegex(@"\e\[[?\d;]*[A-Za-z]")]
    private static partial Regex Escapes();

    /// <summary>A run that gets on by one step at every look.</summary>
    private sealed class ScriptedRun(long steps, double? loss = null) : ITrainingProgressSource
    {
        private long _next;

        public TrainingSnapshot Read()
        {
            var step = Math.Min(_next++, steps);
            return new TrainingSnapshot
            {
                Model = "world-3M",
                Step = step,
                Steps = steps,
                Tokens = 1000 * step,
                State = step == steps ? ProgressState.Finished : ProgressState.Running,
                LearningRate = step == 0 ? null : 1e-3 - (1e-6 * step),
                TrainingLoss = step == 0 ? null : loss ?? 5 - (0.01 * step),
                Largest = step < 40 ? null : 4,
                Smallest = step < 40 ? null : 5.25,
                Random = step < 40 ? null : 4.5,
            };
        }
    }
}
