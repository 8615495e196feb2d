namespace NasCluster.Local.Tests;

/// <summary>Disks that fill up: what was durable stays, and the run goes on when there is room again.</summary>
public sealed class BadInputDiskFullTests : IDisposable
{
    private const int Evaluations = 100;
    private readonly SmallModel _model = new();

    public void Dispose() => _model.Dispose();

    [TemporaryDiskFact]
    public void Search_DiskFillsUp_KeepsWhatWasDurableAndResumes()
    {
        using var disk = new TemporaryDisk("400k");
        var stopped = Nas.Run(On(disk, "--vectors", "scalar"));

        Assert.True(stopped.ExitCode == Refusal.Failure, stopped.Errors);
        var said = stopped.ErrorLines.Where(line => line.StartsWith("nas: ", StringComparison.Ordinal));
        Assert.Contains("disk is full", Assert.Single(said), StringComparison.Ordinal);
        Assert.StartsWith($"nas: '{disk.At("run/run.db")}' ", stopped.ErrorLines[^1], StringComparison.Ordinal);

        disk.Resize("16m");
        var kept = RunRecords.OutcomesOf(disk.At("run"));
        Assert.InRange(kept, 1, Evaluations - 1);
        var resumed = Nas.Run("resume", disk.At("run"));
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(Evaluations, RunRecords.OutcomesOf(disk.At("run")));

        Assert.Equal(0, Nas.Run(_model.Search("whole", Evaluations)).ExitCode);
        Assert.Equal(File.ReadAllText(_model.At("whole/front.csv")), File.ReadAllText(disk.At("run/front.csv")));
    }

    [TemporaryDiskFact]
    public void Search_DiskFullFromTheStart_IsRefusedAndLeavesNothing()
    {
        using var disk = new TemporaryDisk("16k");

        var result = Nas.Run(On(disk));

        Refusal.AssertOneLine(result, Refusal.Failure, disk.At("run/run.db"), "disk is full");
        Assert.Empty(FolderState.Of(disk.At(".")));
    }

    [TemporaryDiskFact]
    public void ResumeAndFront_DiskFull_LoseNothing()
    {
        using var disk = new TemporaryDisk("2m");
        Assert.Equal(0, Nas.Run(_model.Search("run", 5)).ExitCode);
        Directory.CreateDirectory(disk.At("run"));
        File.Copy(_model.At("run/run.db"), disk.At("run/run.db"));
        Assert.Throws<IOException>(() => File.WriteAllBytes(disk.At("filler"), new byte[3 << 20]));
        var before = FolderState.Of(disk.At("run"));

        var resumed = Nas.Run("resume", disk.At("run"));
        var shown = Nas.Run("front", disk.At("run"), "--format", "csv");

        Refusal.AssertOneLine(resumed, Refusal.Failure, disk.At("run/run.db"), "disk is full");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Errors));
        Assert.Equal(File.ReadAllText(_model.At("run/front.csv")).ReplaceLineEndings("\n"), shown.Output);
        Assert.Equal(before.Single(f => f.StartsWith("run.db ", StringComparison.Ordinal)), FolderState.Of(disk.At("run")).Single(f => f.StartsWith("run.db ", StringComparison.Ordinal)));
    }

    private string[] On(TemporaryDisk disk, params string[] more)
    {
        var search = _model.Search("run", Evaluations, more);
        search[Array.IndexOf(search, "--out") + 1] = disk.At("run");
        return search;
    }
}
