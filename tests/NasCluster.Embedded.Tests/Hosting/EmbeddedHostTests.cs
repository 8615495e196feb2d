using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search.Linas;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Hosting;

public sealed class EmbeddedHostTests : IDisposable
{
    private const int Budget = 120;
    private readonly TemporaryDirectory _directory = new();
    private int _runs;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Run_OneTwoAndFourWorkers_SameOutcomesAndFront()
    {
        var one = Complete(workers: 1);

        Assert.Equal(Budget, one.Count);
        Assert.Equal(Enumerable.Range(0, Budget), one.Select(o => (int)o.Trial.Id.Value).Order());
        foreach (var workers in (int[])[2, 4])
        {
            var more = Complete(workers);
            Assert.Equal(SyntheticEvaluator.ByTrial(one), SyntheticEvaluator.ByTrial(more));
            Assert.Equal(Front(one), Front(more));
        }
    }

    [Fact]
    public void Run_Batches_SameOutcomes()
    {
        var options = TestSearch.Options() with { BatchSize = 3 };

        Assert.Equal(SyntheticEvaluator.ByTrial(Complete(workers: 1)), SyntheticEvaluator.ByTrial(Complete(options: options)));
    }

    [Fact]
    public void Run_CompletedRunAgain_EvaluatesNothing()
    {
        using var run = NewRun();
        Assert.Equal(FinishReason.Completed, Host(run.Store).Run(default));
        using var evaluator = new SyntheticEvaluator();

        var observer = new RecordingObserver();
        Assert.Equal(FinishReason.Completed, Host(run.Store, evaluator, observer).Run(default));

        Assert.Equal(0, evaluator.Calls);
        Assert.Equal(Budget, observer.Outcomes.Count);
    }

    [Fact]
    public void Run_StoppedAgainAndAgain_EndsAsUninterrupted()
    {
        using var run = NewRun();
        var stops = 0;
        FinishReason reason;
        RecordingObserver observer;
        do
        {
            using var stop = new CancellationTokenSource();
            var target = (stops + 1) * 13;
            observer = new RecordingObserver { OnOutcomes = count => { if (count >= target) { stop.Cancel(); } } };
            reason = Host(run.Store, observer: observer).Run(stop.Token);
            stops += reason == FinishReason.Stopped ? 1 : 0;
        }
        while (reason == FinishReason.Stopped);

        Assert.InRange(stops, 5, 10);
        Assert.Equal(SyntheticEvaluator.ByTrial(Complete(workers: 1)), SyntheticEvaluator.ByTrial(observer.Outcomes));
    }

    [Fact]
    public void Run_StopWhileEvaluating_CancelsTheEvaluationAndKeepsWhatWasReported()
    {
        using var run = NewRun();
        using var stop = new CancellationTokenSource();
        using var evaluator = new SyntheticEvaluator
        {
            Before = (call, _, _, cancellation) =>
            {
                if (call >= 10)
                {
                    stop.Cancel();
                    cancellation.WaitHandle.WaitOne();
                    cancellation.ThrowIfCancellationRequested();
                }
            },
        };

        var observer = new RecordingObserver();
        Assert.Equal(FinishReason.Stopped, Host(run.Store, evaluator, observer).Run(stop.Token));

        Assert.InRange(observer.Outcomes.Count, 9, 10);
        Assert.All(observer.Outcomes, o => Assert.True(o.Outcome.IsSuccess));
        Assert.Empty(observer.Notices);
    }

    [Fact]
    public void Run_StoppedBeforeItBegins_StopsAndCanBeResumed()
    {
        using var run = NewRun();

        Assert.Equal(FinishReason.Stopped, Host(run.Store).Run(new CancellationToken(canceled: true)));

        Assert.Equal(FinishReason.Completed, Host(run.Store).Run(default));
    }

    public static TheoryData<Exception, string> Failures => new()
    {
        { new NasClusterException("The network has\nno layer 9."), "The network has no layer 9." },
        { new OutOfMemoryException("too big"), "OutOfMemoryException: too big" },
        { new OperationCanceledException("nobody asked"), "OperationCanceledException: nobody asked" },
        { new InvalidOperationException(""), "InvalidOperationException: " },
    };

    [Fact]
    public void Run_EvaluatorThrowsOnce_TriesAgainAndEndsTheSame()
    {
        using var evaluator = new SyntheticEvaluator { Before = (call, _, _, _) => { if (call == 7) { throw new OutOfMemoryException(); } } };

        Assert.Equal(SyntheticEvaluator.ByTrial(Complete(workers: 1)), SyntheticEvaluator.ByTrial(Complete(evaluator: evaluator)));
        Assert.Equal(Budget + 1, evaluator.Calls);
    }

    /// <summary>A graphics card that is lost fails no trial: the run ends, and goes on to the same end in another process.</summary>
    [Fact]
    public void Run_DeviceLost_EndsTheRunAndFailsNoTrial()
    {
        using var run = NewRun();
        using var evaluator = new SyntheticEvaluator { Before = (call, _, _, _) => { if (call >= 17) { throw new DeviceLostException("cuda:0 is lost"); } } };

        Assert.Equal("cuda:0 is lost", Assert.Throws<DeviceLostException>(() => Host(run.Store, evaluator: evaluator).Run(default)).Message);

        var observer = new RecordingObserver();
        Assert.Equal(FinishReason.Completed, Host(run.Store, observer: observer).Run(default));
        Assert.Equal(SyntheticEvaluator.ByTrial(Complete(workers: 1)), SyntheticEvaluator.ByTrial(observer.Outcomes));
        Assert.All(observer.Outcomes, o => Assert.Equal(OutcomeSource.Evaluated, o.Source));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Run_EvaluatorThrowsAlwaysForOneArchitecture_ParksItWithTheReason(Exception failure, string reason)
    {
        string? victim = null;
        using var evaluator = new SyntheticEvaluator
        {
            Before = (call, architecture, _, _) =>
            {
                if (Interlocked.CompareExchange(ref victim, $"{architecture}", null) is null || victim == $"{architecture}")
                {
                    throw failure;
                }
            },
        };

        var outcomes = Complete(evaluator: evaluator);

        var parked = Assert.Single(outcomes, o => !o.Outcome.IsSuccess);
        Assert.Equal(OutcomeSource.Parked, parked.Source);
        Assert.EndsWith(reason, parked.Outcome.Failure);
        Assert.DoesNotContain("\n", parked.Outcome.Failure, StringComparison.Ordinal);
        Assert.Equal(Budget + 2, evaluator.Calls);
    }

    [Fact]
    public async Task Run_EvaluationLongerThanALeaseWithProgress_IsNotLost()
    {
        using var run = NewRun();
        var time = new ManualTime();
        var options = TestSearch.Options(workers: 1);
        var step = options.Controller.LeaseDuration / 4;
        using var evaluator = new SyntheticEvaluator { Before = (call, _, progress, _) => Pass(call, progress) };

        var observer = new RecordingObserver();
        new EmbeddedHost(TestSearch.Job(evaluator, 20), run.Store, observer, options, time).Run(default);

        Assert.Empty(observer.Notices);
        Assert.Equal(20, (await run.Store.ReadStartsAsync(default)).Count);

        void Pass(int call, Action? progress)
        {
            for (var i = 0; call == 5 && i < 20; i++)
            {
                time.Advance(step);
                progress!();
            }
        }
    }

    [Fact]
    public async Task Run_EvaluationLongerThanALeaseWithoutProgress_IsRevokedAndTriedAgain()
    {
        using var run = NewRun();
        var time = new ManualTime();
        var options = TestSearch.Options(workers: 1);
        using var evaluator = new SyntheticEvaluator
        {
            Before = (call, _, _, cancellation) =>
            {
                for (var i = 0; call == 5 && i < 8; i++)
                {
                    time.Advance(options.Controller.LeaseDuration / 4);
                }

                if (call == 5)
                {
                    cancellation.WaitHandle.WaitOne();
                    cancellation.ThrowIfCancellationRequested();
                }
            },
        };

        var observer = new RecordingObserver();
        new EmbeddedHost(TestSearch.Job(evaluator, 20), run.Store, observer, options, time).Run(default);

        Assert.Single(observer.Notices, n => n.Contains("ran out", StringComparison.Ordinal));
        Assert.Equal(21, (await run.Store.ReadStartsAsync(default)).Count);
        Assert.All(observer.Outcomes, o => Assert.True(o.Outcome.IsSuccess));
    }

    [Fact]
    public async Task Run_RevokedEvaluationSucceedsAfterAll_ItsOutcomeIsTaken()
    {
        using var run = NewRun();
        var time = new ManualTime();
        var options = TestSearch.Options(workers: 1);
        using var evaluator = new SyntheticEvaluator
        {
            Before = (call, _, _, _) =>
            {
                for (var i = 0; call == 5 && i < 8; i++)
                {
                    time.Advance(options.Controller.LeaseDuration / 4);
                }
            },
        };

        var observer = new RecordingObserver();
        new EmbeddedHost(TestSearch.Job(evaluator, 20), run.Store, observer, options, time).Run(default);

        Assert.Single(observer.Notices, n => n.Contains("ran out", StringComparison.Ordinal));
        Assert.Equal(20, (await run.Store.ReadStartsAsync(default)).Count);
        Assert.Equal(20, observer.Outcomes.Count(o => o.Source == OutcomeSource.Evaluated));
    }

    [Fact]
    public void Run_ObserverThrows_EndsTheRunAndKeepsWhatWasRecorded()
    {
        using var run = NewRun();
        var observer = new RecordingObserver { OnOutcomes = count => { if (count >= 30) { throw new IOException("broken pipe"); } } };

        var exception = Assert.Throws<IOException>(() => Host(run.Store, observer: observer).Run(default));

        Assert.Equal("broken pipe", exception.Message);
        Assert.Equal(FinishReason.Completed, Host(run.Store, observer: observer = new RecordingObserver()).Run(default));
        Assert.Equal(SyntheticEvaluator.ByTrial(Complete(workers: 1)), SyntheticEvaluator.ByTrial(observer.Outcomes));
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_Throws()
    {
        using var run = NewRun();
        using var evaluator = new SyntheticEvaluator();
        EmbeddedHostOptions[] wrong =
        [
            new() { WorkerCount = 0 }, new() { BatchSize = 0 }, new() { WriteAttempts = 0 }, new() { TickInterval = TimeSpan.Zero },
            new() { TickInterval = TimeSpan.FromMinutes(5) },
        ];

        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(
            () => new EmbeddedHost(TestSearch.Job(evaluator, 1), run.Store, new RecordingObserver(), options, TimeProvider.System)));
    }

    private static string[] Front(IEnumerable<OutcomeRecord> outcomes)
    {
        using var evaluator = new SyntheticEvaluator();
        var archive = new ParetoArchive(evaluator.Objectives);
        foreach (var record in outcomes)
        {
            archive.Insert(record.Trial, record.Outcome);
        }

        return [.. archive.Front.Select(e => $"{e.Trial.Id} {e.Trial.Genome} {e.Outcome}")];
    }

    [Fact]
    public void Run_SearchThatPredicts_SaysHowWellOncePerRound()
    {
        using var run = NewRun();
        var observer = new RecordingObserver();
        var algorithm = new LinasOptions { PopulationSize = 10, InnerEvaluations = 50 };
        var job = TestSearch.Job(new SyntheticEvaluator(), 40, algorithm);

        Assert.Equal(FinishReason.Completed, new EmbeddedHost(job, run.Store, observer, TestSearch.Options(), TimeProvider.System).Run(default));

        var names = job.Evaluator.Objectives.Select(o => o.Name).ToArray();
        Assert.Equal([1, 2, 3], observer.Fits.Select(f => f[0].Round));
        Assert.All(observer.Fits, round => Assert.Equal(names, round.Select(f => f.Objective)));
        Assert.Equal([10, 20, 30], observer.Fits.Select(f => f[0].Samples));
    }

    private static EmbeddedHost Host(IRunStore store, SyntheticEvaluator? evaluator = null, ISearchObserver? observer = null, EmbeddedHostOptions? options = null) =>
        new(TestSearch.Job(evaluator ?? new SyntheticEvaluator(), Budget), store, observer ?? new RecordingObserver(), options ?? TestSearch.Options(), TimeProvider.System);

    private RunDirectory NewRun() => RunDirectory.Create(_directory.At($"{_runs++}"), Samples.Specification, TimeProvider.System);

    private List<OutcomeRecord> Complete(int workers = 2, SyntheticEvaluator? evaluator = null, EmbeddedHostOptions? options = null)
    {
        using var run = NewRun();
        var observer = new RecordingObserver();
        Assert.Equal(FinishReason.Completed, Host(run.Store, evaluator, observer, options ?? TestSearch.Options(workers)).Run(default));

        using var reader = RunReader.Open(run.FullPath);
        Assert.Equal(observer.Outcomes, reader.ReadOutcomes());
        return observer.Outcomes;
    }
}
