using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Hosting;

public sealed class StoreFailureTests : IDisposable
{
    private const int Budget = 60;
    private readonly TemporaryDirectory _directory = new();
    private readonly SyntheticEvaluator _evaluator = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_EveryThirdWriteFails_EndsTheSame(bool writesBeforeFailing)
    {
        using var run = NewRun("faulty");
        var store = new FaultyStore(run.Store, attempt => attempt % 3 == 2 ? Passing() : null) { WritesBeforeFailing = writesBeforeFailing };

        var observer = Complete(store);

        Assert.Equal(Expected(), SyntheticEvaluator.ByTrial(observer.Outcomes));
        Assert.Contains("A write failed and will be tried again: the disk hiccups", observer.Notices);
        Assert.Equal(store.Attempts / 3, observer.Notices.Count);
    }

    [Fact]
    public async Task Run_WritesKeepFailing_GivesUpAfterTheAttemptsAndKeepsWhatWasRecorded()
    {
        using var run = NewRun("failing");
        var store = new FaultyStore(run.Store, attempt => attempt >= 20 ? Passing() : null);

        var exception = Assert.Throws<NasClusterException>(() => Complete(store));

        Assert.Equal("the disk hiccups Gave up after 5 attempts to save; everything recorded before is kept.", exception.Message);
        Assert.Equal(25, store.Attempts);
        Assert.NotEmpty((await run.Store.RecoverAsync(default)).Outcomes);
        Assert.Equal(Expected(), SyntheticEvaluator.ByTrial(Complete(run.Store).Outcomes));
    }

    [Fact]
    public void Run_PermanentFailure_EndsAtOnce()
    {
        using var run = NewRun("permanent");
        var store = new FaultyStore(run.Store, attempt => attempt >= 20 ? new RunStoreException("damaged", isPermanent: true) : null);

        var exception = Assert.Throws<RunStoreException>(() => Complete(store));

        Assert.Equal("damaged", exception.Message);
        Assert.Equal(21, store.Attempts);
    }

    [Fact]
    public void Run_HistoryCannotBeWritten_IsCompletedWhenTheRunIsOpenedAgain()
    {
        using var run = NewRun("history");
        var observer = Complete(new FaultyStore(run.Store, attempt => attempt < 0 ? Passing() : null));
        using var reader = RunReader.Open(run.FullPath);
        Assert.NotEmpty(observer.Hypervolume);
        Assert.Empty(reader.ReadHypervolume());

        Complete(run.Store);

        Assert.Equal(observer.Hypervolume, reader.ReadHypervolume());
    }

    [Fact]
    public void Run_DiskFull_FailsInOneLineAndGoesOnWhenThereIsRoom()
    {
        using var run = NewRun("full");
        var store = (SqliteRunStore)run.Store;
        store.MaximumPages = 14;

        var exception = Assert.Throws<NasClusterException>(() => Complete(store));

        Assert.Equal(
            $"'{run.FullPath}/run.db' cannot grow: the disk is full. Gave up after 5 attempts to save; everything recorded before is kept.", exception.Message);
        store.MaximumPages = null;
        var observer = Complete(store);
        Assert.Equal(Expected(), SyntheticEvaluator.ByTrial(observer.Outcomes));
    }

    [Fact]
    public void Run_AnotherProcessTookTheRunOver_EndsAtOnce()
    {
        using var run = NewRun("taken");
        SqliteRunStore? successor = null;
        var observer = new RecordingObserver
        {
            OnOutcomes = count => successor ??= count >= 20 ? new SqliteRunStore(RunFiles.Database(run.FullPath), DateTimeOffset.UnixEpoch) : null,
        };

        var exception = Assert.Throws<RunTakenOverException>(() => Host(run.Store, observer).Run(default));

        Assert.Contains("was taken over by another process (session 2; this one is 1)", exception.Message, StringComparison.Ordinal);
        successor!.Dispose();
    }

    [Fact]
    public void Run_LogOfAnotherSearch_IsRefused()
    {
        using var run = NewRun("other");
        Complete(run.Store);
        var other = TestSearch.Job(_evaluator, Budget + 1);

        var exception = Assert.Throws<NasClusterException>(
            () => new EmbeddedHost(other, run.Store, new RecordingObserver(), TestSearch.Options(), TimeProvider.System).Run(default));

        Assert.DoesNotContain('\n', exception.Message);
    }

    private static RunStoreException Passing() => new("the disk hiccups", isPermanent: false);

    private RunDirectory NewRun(string name) => RunDirectory.Create(_directory.At(name), Samples.Specification, TimeProvider.System);

    private ImmutableSortedDictionary<long, string> Expected()
    {
        using var run = NewRun("expected");
        return SyntheticEvaluator.ByTrial(Complete(run.Store).Outcomes);
    }

    private EmbeddedHost Host(IRunStore store, RecordingObserver observer) =>
        new(TestSearch.Job(_evaluator, Budget), store, observer, TestSearch.Options(), TimeProvider.System);

    private RecordingObserver Complete(IRunStore store)
    {
        var observer = new RecordingObserver();
        Assert.Equal(FinishReason.Completed, Host(store, observer).Run(default));
        return observer;
    }
}
