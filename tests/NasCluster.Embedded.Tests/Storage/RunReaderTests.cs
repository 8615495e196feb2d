using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Embedded.Storage;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class RunReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Run => _directory["run"];

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
}
