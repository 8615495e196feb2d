using System.Globalization;
using NasCluster.Llama.Checkpoints;
using Xunit.Abstractions;

namespace NasCluster.Local.Tests;

/// <summary><c>nas train</c> as the real program. NASCLUSTER_KILLS sets how often it is killed, NASCLUSTER_KILL_SEED when.</summary>
public sealed class TrainTests(ITestOutputHelper log) : IDisposable
{
    private const int Steps = 40;
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Train_AsASuperNetwork_LeavesModelCurvesAndTellsItsProgress()
    {
        var result = Nas.Run(Train("tuned", "--sampling", "sandwich", "--weights", "float16"));

        Assert.True(result.ExitCode == 0, result.Errors);
        using var trained = LlamaCheckpoints.Open(_model.At("tuned/model"));
        using var before = LlamaCheckpoints.Open(_model.ModelPath);
        Assert.Equal(before.Configuration, trained.Configuration);
        Assert.NotEqual(before.Fingerprint, trained.Fingerprint);
        Assert.Equal(0, Nas.Run("score", "--model", _model.At("tuned/model"), "--text", _model.TextPath).ExitCode);
        var curves = File.ReadAllLines(_model.At("tuned/curves.csv"));
        Assert.Equal("0", curves[1].Split(',')[0]);
        Assert.Equal($"{Steps}", curves[^1].Split(',')[0]);
        Assert.Contains("</svg>", File.ReadAllText(_model.At("tuned/curves.svg")), StringComparison.Ordinal);
        Assert.Contains("tokens/s", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Silos load whatever lies where the result is put, at any moment.</summary>
    [Fact]
    public void Train_WithAResult_PutsItThereAloneAndReplacesTheFormer()
    {
        string[] command = [.. Train("tuned"), "--result", _model.At("shelf/mine")];
        Assert.Equal(0, Nas.Run(command).ExitCode);
        var first = File.ReadAllBytes(_model.At("shelf/mine/model.safetensors"));
        File.WriteAllText(_model.At("shelf/mine/former.txt"), "");

        Assert.Equal(0, Nas.Run(command).ExitCode);

        Assert.Equal(first, File.ReadAllBytes(_model.At("shelf/mine/model.safetensors")));
        Assert.False(File.Exists(_model.At("shelf/mine/former.txt")));
        Assert.Equal([_model.At("shelf/mine")], Directory.GetFileSystemEntries(_model.At("shelf")));
        Assert.Empty(Directory.GetDirectories(_model.At("tuned")));
    }

    [Fact]
    public void Train_ResultWhereSomethingElseIs_IsRefusedBeforeItBegins()
    {
        Directory.CreateDirectory(_model.At("papers"));
        File.WriteAllText(_model.At("papers/thesis.txt"), "");

        var result = Nas.Run([.. Train("tuned"), "--result", _model.At("papers")]);

        Refusal.AssertOneLine(result, Refusal.Failure, "no model is in it; only one would be replaced by the result.");
        Assert.True(File.Exists(_model.At("papers/thesis.txt")));
        Assert.False(Directory.Exists(_model.At("tuned")));
    }

    [Fact]
    public void Train_KilledAgainAndAgain_EndsWithTheIdenticalWeightsAndCurves()
    {
        var random = new Random(Number("NASCLUSTER_KILL_SEED", 1));
        var wanted = Number("NASCLUSTER_KILLS", 8);

        // Long enough that each kill finds it at work.
        var options = $"--sampling alternating --true-share 0.5 --steps {20 * wanted}";
        Assert.Equal(0, Nas.Run(With(Train("whole"), options)).ExitCode);
        var command = With(Train("cut"), options);
        var kills = 0;
        for (var attempt = 0; kills < wanted && attempt < 4 * wanted && !Directory.Exists(_model.At("cut/model")); attempt++)
        {
            var saved = Saved();
            using var nas = Nas.Start([.. command, "--vectors", "scalar"]);
            if (random.Next(5) > 0)
            {
                nas.WaitUntil(() => Saved() > saved);
            }

            kills += nas.Kill(TimeSpan.FromMilliseconds(random.Next(0, 200))) ? 1 : 0;
        }

        var last = Nas.Run(command);

        Assert.True(last.ExitCode == 0, last.Errors);
        log.WriteLine($"{kills} kills.");
        Assert.True(kills > 0);
        foreach (var file in new[] { "model/model.safetensors", "curves.csv", "training.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(_model.At($"whole/{file}")), File.ReadAllBytes(_model.At($"cut/{file}")));
        }

        // Finished already: the same command again changes nothing.
        Assert.Equal(0, Nas.Run(command).ExitCode);
        Assert.Equal(File.ReadAllBytes(_model.At("whole/model/model.safetensors")), File.ReadAllBytes(_model.At("cut/model/model.safetensors")));

        DateTime Saved() => File.GetLastWriteTimeUtc(_model.At("cut/training.safetensors"));
    }

    [Fact]
    public void Train_OtherOptionsInTheSameDirectory_IsRefusedAndNamesTheDifference()
    {
        Assert.Equal(0, Nas.Run(Train("tuned")).ExitCode);
        var before = FolderState.Of(_model.At("tuned"));

        var result = Nas.Run(Train("tuned", "--learning-rate", "0.5"));

        Refusal.AssertOneLine(result, Refusal.Failure, "training.safetensors", "the state of another training", "learning rate 0.001", "learning rate 0.5");
        Assert.Equal(before, FolderState.Of(_model.At("tuned")));
    }

    [Fact]
    public void Train_Diverging_StopsAndKeepsTheLastGoodState()
    {
        // A decay of 1 at a rate of 100 makes weights 99 times as large in a step.
        var result = Nas.Run(Train("wild", "--learning-rate", "100", "--weight-decay", "1", "--warm-up", "20"));

        Assert.Equal(Refusal.Failure, result.ExitCode);
        Assert.StartsWith("nas: Training diverged at step ", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(_model.At("wild/training.safetensors"), result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.True(File.Exists(_model.At("wild/training.safetensors")));
        Assert.False(Directory.Exists(_model.At("wild/model")));
    }

    [TemporaryDiskFact]
    public void Train_DiskFillsUp_KeepsTheLastStateAndGoesOnWhenThereIsRoom()
    {
        Assert.Equal(0, Nas.Run(Train("whole")).ExitCode);
        using var disk = new TemporaryDisk("700k"); // One state, and a part of the next.
        string[] command = [.. Train("cut")[..^1], disk.At("cut")];

        var stopped = Nas.Run(command);

        Assert.Equal(Refusal.Failure, stopped.ExitCode);
        Assert.StartsWith($"nas: {disk.At("cut/training.safetensors")}: ", stopped.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal([disk.At("cut/training.safetensors")], Directory.GetFiles(disk.At("cut")));
        disk.Resize("16m");
        Assert.Equal(0, Nas.Run(command).ExitCode);
        Assert.Equal(File.ReadAllBytes(_model.At("whole/model/model.safetensors")), File.ReadAllBytes(disk.At("cut/model/model.safetensors")));
    }

    [Theory]
    [InlineData("--out taken", "not empty, and no training is in it")]
    [InlineData("--teacher-share 0.5", "TeacherShare is 0.5, but there is no teacher; it must be 0.")]
    [InlineData("--context 9999", "--context is 9999; it must be at most 128, the positions the model has.")]
    [InlineData("--warm-up 41", "WarmUpSteps is 41; it must be in [0, 39], below Steps.")]
    [InlineData("--set space.depth=[9] --sampling uniform", "space.depth")]
    [InlineData("--data nowhere.txt", "nowhere.txt")]
    [InlineData("--held-out nowhere.txt", "nowhere.txt")]
    [InlineData("--model nowhere", "nowhere")]
    [InlineData("--teacher nowhere --teacher-share 1", "nowhere")]
    public void Train_BadInput_IsRefusedInOneLine(string arguments, string said)
    {
        Directory.CreateDirectory(_model.At("taken"));
        File.WriteAllText(_model.At("taken/notes.txt"), "mine");
        var result = Nas.Run(With(Train(arguments.StartsWith("--out", StringComparison.Ordinal) ? "taken" : "new"), arguments));
        Refusal.AssertOneLine(result, Refusal.Failure, said);
        Assert.False(Directory.Exists(_model.At("new")));
        Assert.Equal(["notes.txt"], Directory.GetFiles(_model.At("taken")).Select(Path.GetFileName));
    }

    [Fact]
    public void Train_Interrupted_SavesAndSaysHowToGoOn()
    {
        using var nas = Nas.Start(With(Train("cut"), "--steps 100000"));
        nas.WaitUntil(() => File.Exists(_model.At("cut/training.safetensors")));
        nas.Interrupt();
        var result = nas.WaitForEnd();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("Go on with the same command", result.Errors, StringComparison.Ordinal);
    }

    private string[] Train(string output, params string[] more) =>
    [
        "train", "--model", _model.ModelPath, "--data", _model.TextPath, "--steps", $"{Steps}", "--batch-tokens", "256", "--context", "32", "--packing", "windows",
        "--held-out-tokens", "512", "--report-every", "10", "--save-every", "5", .. more, "--out", _model.At(output),
    ];

    // The command with some options in the place of those it has, "taken" aside, which it has already.
    private static string[] With(string[] command, string options)
    {
        var result = command.ToList();
        foreach (var pair in options.Split(' ').Chunk(2).Where(p => p[0] != "--out"))
        {
            var place = result.IndexOf(pair[0]);
            if (place >= 0)
            {
                result.RemoveRange(place, 2);
            }

            result.AddRange(pair);
        }

        return [.. result];
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
