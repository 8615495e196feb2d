using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class RunReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Run => _directory.At("run");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Read_WhileAnotherWrites_SeesWhatIsDurableAndDisturbsNothing()
    {
        using var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);
        await run.Store.SaveAsync(Samples.Save(0), default);

        using var reader = RunReader.Open(Run);
        Assert.Equal(Samples.Specification, reader.ReadSpecification());
        Assert.Equal([Samples.Outcome(0)], reader.ReadOutcomes());

        await run.Store.SaveAsync(Samples.Save(1) with { Snapshot = new ControllerSnapshot(1, 4, new("test", 1, [9])) }, default);
        await run.Store.SaveHypervolumeAsync([new HypervolumePoint(1, 2, [1, 2], 0.5)], default);
        Assert.Equal([Samples.Outcome(1)], reader.ReadOutcomes(from: 1));
        Assert.Equal(2, reader.ReadRecoveredState().Outcomes.Count);
        Assert.Equal(1, reader.ReadRecoveredState().Snapshot?.Position);
        Assert.Equal([new HypervolumePoint(1, 2, [1, 2], 0.5)], reader.ReadHypervolume());
    }

    [Fact]
    public void Open_FinishedRun_LeavesTheDirectoryAsItIs()
    {
        RunDirectory.Create(Run, Samples.Specification, TimeProvider.System).Dispose();
        var before = Directory.GetFiles(Run).Order().ToArray();

        using (var reader = RunReader.Open(Run))
        {
            Assert.Empty(reader.ReadOutcomes());
            Assert.Empty(reader.ReadStarts());
        }

        Assert.Equal(before, Directory.GetFiles(Run).Order());
    }

    [Fact]
    public void Dispose_OfARunWhileAReaderHasItOpen_Succeeds()
    {
        var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System);
        using var reader = RunReader.Open(Run);
        reader.ReadOutcomes();

        run.Dispose();

        Assert.Empty(reader.ReadOutcomes());
        using var again = RunDirectory.Open(Run, TimeProvider.System);
    }

    [Fact]
    public void Open_NoRun_IsRefusedInOneLine()
    {
        var exception = Assert.Throws<NasClusterException>(() => RunReader.Open(Run));

        Assert.Equal($"There is no run directory '{Run}'.", exception.Message);
    }

    /// <summary>400 files, or as many as the environment variable <c>NASCLUSTER_MUTATIONS</c> says.</summary>
    [Fact]
    public async Task Read_MutatedFile_FailsInOneLineOrReads()
    {
        using (var run = RunDirectory.Create(Run, Samples.Specification, TimeProvider.System))
        {
            await run.Store.SaveAsync(
                Samples.Save(0, 60) with
                {
                    Starts = [.. Enumerable.Range(0, 60).Select(i => new StartRecord(new(i), new(i), new("worker-0"), DateTimeOffset.UnixEpoch))],
                    Snapshot = new ControllerSnapshot(1, 4, new("test", 1, [9])),
                },
                default);
            await run.Store.SaveHypervolumeAsync([new HypervolumePoint(1, 2, [1, 2], 0.5)], default);
            run.SaveReportValues([.. Enumerable.Range(0, 30).Select(i => KeyValuePair.Create(new TrialId(i), Samples.Outcome(i).Outcome.Values))]);
        }

        var whole = await File.ReadAllBytesAsync(Path.Combine(Run, "run.db"));
        var random = new Random(5);
        var (refused, read) = (0, 0);
        for (var i = int.Parse(Environment.GetEnvironmentVariable("NASCLUSTER_MUTATIONS") ?? "400", CultureInfo.InvariantCulture); i > 0; i--)
        {
            await File.WriteAllBytesAsync(Path.Combine(Run, "run.db"), Mutated(whole, random));
            try
            {
                using var reader = RunReader.Open(Run);
                reader.ReadSpecification();
                reader.ReadStarts();
                reader.ReadHypervolume();
                reader.ReadReportValues();
                reader.ReadRecoveredState();
                read++;
            }
            catch (NasClusterException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                refused++;
            }
        }

        Assert.True(refused > 0 && read > 0, $"{refused} refused, {read} read");
    }

    private static byte[] Mutated(byte[] whole, Random random)
    {
        var bytes = random.Next(10) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];

        // Half of the changes hit the first bytes of a page, where its structure is.
        for (var changes = random.Next(1, 9); changes > 0 && bytes.Length > 0; changes--)
        {
            var place = random.Next(2) == 0 ? random.Next(bytes.Length) : (random.Next(bytes.Length) / 4096 * 4096) + random.Next(120);
            bytes[Math.Min(place, bytes.Length - 1)] = (byte)random.Next(256);
        }

        return bytes;
    }
}
