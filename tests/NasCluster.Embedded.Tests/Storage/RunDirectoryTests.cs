using Microsoft.Data.Sqlite;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Run => _directory.At("a run");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_AfterCreateAndClose_HoldsWhatWasSaved()
    {
        using (var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System))
        {
            await run.Store.SaveAsync(Samples.Save(0, 2), default);
        }

        using var again = RunDirectory.Open(Run, TimeProvider.System);
        Assert.Equal(Samples.Specification, again.Specification);
        Assert.Equal([Samples.Outcome(0), Samples.Outcome(1)], (await again.Store.RecoverAsync(default)).Outcomes);
    }

    [Fact]
    public void Dispose_LeavesOneDatabaseFile()
    {
        RunDirectory.Create(Run, Samples.Specification, TimeProvider.System).Dispose();

        Assert.Equal(["run.db", "run.lock"], Directory.GetFiles(Run).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Create_DirectoryWithOtherFiles_LeavesThemAlone()
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, "notes.txt"), "mine");

        RunDirectory.Create(Run, Samples.Specification, TimeProvider.System).Dispose();

        Assert.Equal("mine", File.ReadAllText(Path.Combine(Run, "notes.txt")));
    }

    [Fact]
    public void Create_LeftoverOfAKilledCreation_IsReplaced()
    {
        Directory.CreateDirectory(Run);
        File.WriteAllText(Path.Combine(Run, "run.db.new"), "half a file");

        using var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);

        Assert.Equal(Samples.Specification, run.Specification);
        Assert.False(File.Exists(Path.Combine(Run, "run.db.new")));
    }

    [Fact]
    public void Create_RunIsThere_IsRefusedAndTheRunStays()
    {
        RunDirectory.Create(Run, Samples.Specification, TimeProvider.System).Dispose();

        Refused(() => RunDirectory.Create(Run, Samples.Specification with { Yaml = "other" }, TimeProvider.System),
            $"Run directory '{Run}' holds a run already; resume it, or choose another directory for a new one.");

        using var run = RunDirectory.Open(Run, TimeProvider.System);
        Assert.Equal(Samples.Specification, run.Specification);
    }

    [Fact]
    public void Create_PathIsAFile_IsRefused()
    {
        File.WriteAllText(Run, "");

        Refused(() => RunDirectory.Create(Run, Samples.Specification, TimeProvider.System), $"Run directory '{Run}' cannot be made: ");
        Refused(() => RunDirectory.Create(Path.Combine(Run, "deeper"), Samples.Specification, TimeProvider.System), $"Run directory '{Run}/deeper' cannot be made: ");
    }

    [Fact]
    public void Create_DatabaseCannotBeMade_LeavesNothingBehind()
    {
        Directory.CreateDirectory(Path.Combine(Run, "run.db.new"));

        Refused(() => RunDirectory.Create(Run, Samples.Specification, TimeProvider.System), Run);

        Assert.False(File.Exists(Path.Combine(Run, "run.db")));
        Directory.Delete(Path.Combine(Run, "run.db.new"));
        RunDirectory.Create(Run, Samples.Specification, TimeProvider.System).Dispose();
    }

    [Fact]
    public void Open_NoDirectoryOrNoRun_IsRefused()
    {
        Refused(() => RunDirectory.Open(Run, TimeProvider.System), $"There is no run directory '{Run}'.");

        Directory.CreateDirectory(Run);
        Refused(() => RunDirectory.Open(Run, TimeProvider.System), $"Directory '{Run}' holds no run: there is no run.db in it.");
        Assert.Empty(Directory.GetFileSystemEntries(Run));
    }

    [Fact]
    public void Create_NameIsEmpty_IsRefused()
    {
        Refused(() => RunDirectory.Create("", Samples.Specification, TimeProvider.System), "The run directory's name is empty");
        Refused(() => RunDirectory.Open(" ", TimeProvider.System), "The run directory's name is empty");
        Refused(() => RunReader.Open(""), "The run directory's name is empty");
    }

    [Fact]
    public void Open_OwnedAlready_IsRefusedNamingDirectoryAndOwner()
    {
        using var owner = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);
        var expected = $"Run directory '{Run}' is in use by process {Environment.ProcessId}; only one process may run it at a time.";

        Refused(() => RunDirectory.Open(Run, TimeProvider.System), expected);
        Refused(() => RunDirectory.Create(Run, Samples.Specification, TimeProvider.System), expected);
    }

    [Fact]
    public void Open_ForeignText_IsRefused()
    {
        Damage(_ => System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("name,age\nann,3\n", 200))), "is not an SQLite file.");
        Damage(_ => [], "is not an SQLite file: it is empty or cut short.");
    }

    [Fact]
    public void Open_Truncated_IsRefused()
    {
        for (var eighth = 1; eighth < 8; eighth++)
        {
            var part = eighth;
            Damage(bytes => bytes[..(bytes.Length * part / 8)], "is damaged: ");
        }

        Damage(bytes => bytes[..50], "is damaged: ");
    }

    [Fact]
    public void Open_PagesOverwritten_IsRefused() => Damage(
        bytes =>
        {
            bytes.AsSpan(4096).Fill(0x5A);
            return bytes;
        },
        "is damaged: ");

    [Fact]
    public void Open_OtherProgramsDatabase_IsRefused() => Altered(
        "PRAGMA application_id = 99", "is an SQLite file of another program: its application id is 99, a run's is 1315009347.");

    [Fact]
    public void Open_NewerSchema_IsRefusedAndSaysSo() => Altered(
        "PRAGMA user_version = 2", "has schema version 2; this program knows versions 1 to 1, so a newer program wrote it.");

    [Fact]
    public void Open_NoSpecification_IsRefused() => Altered("DELETE FROM specification", "is damaged: it holds 0 specifications in place of one.");

    [Theory]
    [InlineData("DELETE FROM outcomes WHERE sequence = 3", "is damaged: the outcome log goes from 2 to 4.")]
    [InlineData("UPDATE outcomes SET genome = '1,x' WHERE sequence = 3", "is damaged: row 3 of ")]
    [InlineData("UPDATE outcomes SET objective_values = x'00' WHERE sequence = 3", "is damaged: row 3 of ")]
    [InlineData("UPDATE outcomes SET objective_values = x'000000000000f07f0000000000000000' WHERE sequence = 3", "is damaged: row 3 of ")]
    [InlineData("UPDATE outcomes SET source = 'guessed' WHERE sequence = 3", "is damaged: row 3 of ")]
    [InlineData("UPDATE outcomes SET at = 'noon' WHERE sequence = 3", "is damaged: row 3 of ")]
    [InlineData("INSERT INTO snapshot VALUES (1, 9, 0, 'test', 1, x'')", "is damaged: its snapshot covers 9 outcomes, but the log holds 5.")]
    public async Task RecoverAsync_SenselessRows_AreRefused(string alteration, string expected)
    {
        await Fill(5);
        Alter(alteration);

        using var run = RunDirectory.Open(Run, TimeProvider.System);
        var exception = await Assert.ThrowsAsync<RunStoreException>(async () => await run.Store.RecoverAsync(default));

        Assert.True(exception.IsPermanent);
        Assert.StartsWith($"'{Run}/run.db' {expected}", exception.Message);
    }

    [Fact]
    public async Task SaveAsync_DiskFull_FailsWholeAndWorksAgainWhenThereIsRoom()
    {
        using var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);
        var store = (SqliteRunStore)run.Store;
        await store.SaveAsync(Samples.Save(0), default);
        store.MaximumPages = 12;

        var saved = 1;
        var exception = await Assert.ThrowsAsync<RunStoreException>(async () =>
        {
            for (; saved < 10_000; saved += 20)
            {
                await store.SaveAsync(Samples.Save(saved, 20), default);
            }
        });

        Assert.False(exception.IsPermanent);
        Assert.Equal($"'{Run}/run.db' cannot grow: the disk is full.", exception.Message);
        Assert.Equal(saved, (await store.RecoverAsync(default)).Outcomes.Count);

        store.MaximumPages = null;
        await store.SaveAsync(Samples.Save(saved, 20), default);
        Assert.Equal(saved + 20, (await store.RecoverAsync(default)).Outcomes.Count);
    }

    private static void Refused(Func<IDisposable> open, string expected)
    {
        var exception = Assert.ThrowsAny<NasClusterException>(() => open().Dispose());
        Assert.True(exception.Message.Contains(expected, StringComparison.Ordinal), exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private async Task Fill(int outcomes)
    {
        using var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);
        await run.Store.SaveAsync(Samples.Save(0, outcomes), default);
    }

    private void Damage(Func<byte[], byte[]> damage, string expected)
    {
        Fill(200).GetAwaiter().GetResult();
        var file = Path.Combine(Run, "run.db");
        var damaged = damage(File.ReadAllBytes(file));
        File.WriteAllBytes(file, damaged);

        Refused(() => RunDirectory.Open(Run, TimeProvider.System), $"'{file}' {expected}");
        Refused(() => RunReader.Open(Run), $"'{file}' {expected}");

        Assert.Equal(damaged, File.ReadAllBytes(file));
        Directory.Delete(Run, recursive: true);
    }

    private void Altered(string sql, string expected)
    {
        Fill(1).GetAwaiter().GetResult();
        Alter(sql);
        Refused(() => RunDirectory.Open(Run, TimeProvider.System), $"'{Run}/run.db' {expected}");
    }

    private void Alter(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Run}/run.db;Pooling=False");
        connection.Open();
        RunDatabase.Execute(connection, sql);
    }
}
