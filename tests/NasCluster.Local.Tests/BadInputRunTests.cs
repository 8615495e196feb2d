using System.Buffers.Binary;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>Run directories that cannot be made, or hold something else than a sound run: what is there stays as it is.</summary>
public sealed class BadInputRunTests(BadInputRunTests.Finished finished) : IClassFixture<BadInputRunTests.Finished>, IDisposable
{
    // Where SQLite's header keeps them, big-endian.
    private const int UserVersion = 60;
    private const int ApplicationId = 68;

    private static readonly Dictionary<string, (Action<string> Damage, string Says)> Table = new()
    {
        ["empty"] = (db => File.WriteAllBytes(db, []), "empty or cut short"),
        ["cut in the header"] = (db => File.WriteAllBytes(db, File.ReadAllBytes(db)[..60]), "damaged"),
        ["cut in the tables"] = (db => File.WriteAllBytes(db, File.ReadAllBytes(db)[..^5000]), "damaged"),
        ["overwritten in the middle"] = (db => Overwrite(db, 4096, [.. Enumerable.Repeat((byte)0x5A, 8192)]), "damaged"),
        ["not SQLite"] = (db => File.WriteAllText(db, new string('x', 20000)), "not an SQLite file"),
        ["another program's"] = (db => Overwrite(db, ApplicationId, Number(0)), "another program"),
        ["a newer program's"] = (db => Overwrite(db, UserVersion, Number(99)), "schema version 99"),
    };

    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<string> Cases => [.. Table.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void ResumeAndFront_BadRunFile_AreRefusedAndTouchNothing(string name)
    {
        var copy = Directory.CreateDirectory(_folder.At("copy")).FullName;
        File.Copy(finished.Model.At("run/run.db"), Path.Combine(copy, "run.db"));
        Table[name].Damage(Path.Combine(copy, "run.db"));
        var before = FolderState.Of(copy);

        foreach (var command in (string[])["resume", "front"])
        {
            Refusal.AssertOneLine(Nas.Run(command, copy), Refusal.Failure, Path.Combine(copy, "run.db"), Table[name].Says);
            Assert.Equal(before, FolderState.Of(copy));
        }
    }

    [Theory]
    [InlineData("empty", "holds no run: there is no run.db in it")]
    [InlineData("absent", "There is no run directory")]
    [InlineData("file", "There is no run directory")]
    public void ResumeAndFront_NoRun_AreRefusedAndTouchNothing(string directory, string says)
    {
        Directory.CreateDirectory(_folder.At("empty"));
        _folder.Write("file", "something else");
        var before = FolderState.Of(_folder.Root);

        foreach (var command in (string[])["resume", "front"])
        {
            Refusal.AssertOneLine(Nas.Run(command, _folder.At(directory)), Refusal.Failure, _folder.At(directory), says);
            Assert.Equal(before, FolderState.Of(_folder.Root));
        }
    }

    [Fact]
    public void Search_DirectoryHoldsARun_IsRefusedAndTouchesNothing()
    {
        var before = FolderState.Of(finished.Model.At("run"));

        var search = finished.Model.Search("run", 9);
        string[] withoutModel = [.. search.Select(word => word == finished.Model.ModelPath ? finished.Model.At("absent") : word)];

        // Also without a model: what is quick to see is said before what is slow to load.
        foreach (var arguments in (string[][])[search, withoutModel])
        {
            Refusal.AssertOneLine(Nas.Run(arguments), Refusal.Failure, finished.Model.At("run"), "holds a run already");
            Assert.Equal(before, FolderState.Of(finished.Model.At("run")));
        }
    }

    // The superuser may write anywhere but where there is no directory to write to.
    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("/proc/nas/run")]
    public void Search_DirectoryCannotBeMade_IsRefusedAndTouchesNothing(string output)
    {
        if (output.StartsWith("/proc", StringComparison.Ordinal) && !Directory.Exists("/proc"))
        {
            return; // Only Linux has it; the other cases are the same everywhere.
        }

        _folder.Write("file", "something else");
        var before = FolderState.Of(_folder.Root);

        var result = Nas.RunIn(_folder.Root, finished.Model.Search(Path.GetFullPath(output, _folder.Root), 5));

        Refusal.AssertOneLine(result, Refusal.Failure, $"Run directory '{Path.GetFullPath(output, _folder.Root)}' cannot be made");
        Assert.Equal(before, FolderState.Of(_folder.Root));
    }

    [Theory]
    [InlineData("folder", "cannot be opened")]
    [InlineData("file/below", "cannot be opened")]
    [InlineData("file", "not an SQLite file")]
    [InlineData("run.db", "no cache of evaluations")]
    public void Search_CacheIsNone_IsRefusedAndTouchesNothing(string cache, string says)
    {
        Directory.CreateDirectory(_folder.At("folder"));
        _folder.Write("file", new string('x', 2000));
        File.Copy(finished.Model.At("run/run.db"), _folder.At("run.db"));
        var before = FolderState.Of(_folder.Root);

        var result = Nas.Run(finished.Model.Search(_folder.At("run"), 5, "--cache", _folder.At(cache)));

        Refusal.AssertOneLine(result, Refusal.Failure, _folder.At(cache), says);
        Assert.Equal(before, FolderState.Of(_folder.Root));
    }

    [Fact]
    public void Resume_ResultCannotBeWritten_SaysSoAndLeavesNoHalf()
    {
        var copy = Directory.CreateDirectory(_folder.At("copy")).FullName;
        File.Copy(finished.Model.At("run/run.db"), Path.Combine(copy, "run.db"));
        Directory.CreateDirectory(Path.Combine(copy, "front.csv/in the way"));

        var result = Nas.Run("resume", copy);

        Assert.Equal((Refusal.Failure, ""), (result.ExitCode, result.Output));
        Assert.Contains($"nas: {Path.Combine(copy, "front.csv")} cannot be written", result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Equal(["front.csv", "front.json", "run.db", "run.lock"], Directory.EnumerateFileSystemEntries(copy).Select(p => Path.GetFileName(p)).Order());
        Assert.Equal(0, Nas.Run("front", copy).ExitCode);
    }

    [Fact]
    public void Resume_ModelOfAnotherShape_NamesTheRunAndWhatDoesNotFit()
    {
        using var model = new SmallModel();
        Assert.Equal(0, Nas.Run(model.Search("run", 4, "--set", "space.depth=[2,4]")).ExitCode);
        Directory.Delete(model.ModelPath, recursive: true);
        File.WriteAllBytes(model.ModelPath, LlamaFile.Zeros(layers: 1));

        var result = Nas.Run("resume", model.At("run"));

        Assert.All(Refusal.AssertLines(result, Refusal.Failure, 2), line => Assert.StartsWith($"nas: {model.At("run")}: ", line, StringComparison.Ordinal));
        Assert.Contains("space.depth[1] is 4; the model has 1 layers", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_ModelGone_SaysWhichFile()
    {
        using var model = new SmallModel();
        Assert.Equal(0, Nas.Run(model.Search("run", 4)).ExitCode);
        var before = FolderState.Of(model.At("run"));
        Directory.Delete(model.ModelPath, recursive: true);

        Refusal.AssertOneLine(Nas.Run("resume", model.At("run")), Refusal.Failure, model.ModelPath, "no such file or directory");
        Assert.Equal(0, Nas.Run("front", model.At("run")).ExitCode);
        Assert.Equal(before.Where(f => !f.StartsWith("run.db", StringComparison.Ordinal)), FolderState.Of(model.At("run")).Where(f => !f.StartsWith("run.db", StringComparison.Ordinal)));
    }

    private static void Overwrite(string file, int at, byte[] bytes)
    {
        using var stream = File.OpenWrite(file);
        stream.Position = at;
        stream.Write(bytes);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A run that came to its end, which no test may change.</summary>
    public sealed class Finished : IDisposable
    {
        public Finished() => Assert.Equal(0, Nas.Run(Model.Search("run", 4)).ExitCode);

        public SmallModel Model { get; } = new();

        public void Dispose() => Model.Dispose();
    }
}
