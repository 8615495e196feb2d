using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Local.Runs;
using NasCluster.Reporting.Progress;

namespace NasCluster.Local.Tests.Runs;

public sealed class RunProgressTests
{
    private static readonly ImmutableArray<Objective> Two =
    [
        new("perplexity", ObjectiveDirection.Minimise, ObjectiveKind.Scored), new("parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic),
    ];

    [Fact]
    public void Read_NewRun_HasDoneNothing()
    {
        var (progress, log) = New();
        progress.Started([]);
        var snapshot = log.Read();
        Assert.Equal(("small", 0, 10, ProgressState.Running), (snapshot.Model, snapshot.Done, snapshot.Budget, snapshot.State));
        Assert.Empty(snapshot.Points);
        Assert.Empty(snapshot.History);
    }

    [Fact]
    public void Read_Outcomes_CountsEachKindAndMarksTheFront()
    {
        var (progress, log) = New();
        progress.Started([]);
        progress.OutcomesRecorded([Success(0, 5, 100), Success(1, 6, 120), Failure(2)]);
        progress.OutcomesRecorded([Success(3, 7, 80) with { Source = OutcomeSource.Remembered }, Failure(4) with { Source = OutcomeSource.Parked }]);

        var snapshot = log.Read();

        Assert.Equal((5, 2, 1), (snapshot.Done, snapshot.Failed, snapshot.Remembered));
        Assert.Equal([(0, true), (1, false), (3, true)], snapshot.Points.Select(p => (p.Trial.Value, p.OnFront)));
        Assert.Equal([new(7, 0.5), new(80, 0)], snapshot.Points[2].Values.AsEnumerable());
    }

    [Fact]
    public void Read_ALaterPointThatIsBetter_TakesAnotherOffTheFront()
    {
        var (progress, log) = New();
        progress.Started([]);
        progress.OutcomesRecorded([Success(0, 5, 100)]);
        var before = log.Read();
        progress.OutcomesRecorded([Success(1, 4, 90)]);

        Assert.True(Assert.Single(before.Points).OnFront);
        Assert.Equal([false, true], log.Read().Points.Select(p => p.OnFront));
    }

    [Fact]
    public void Read_ResumedRun_ShowsWhatEarlierSessionsDidOnceItHasStarted()
    {
        var (progress, log) = New(new HypervolumePoint(1, 2, [9, 9], 10), new HypervolumePoint(3, 4, [9, 9], 11));
        Assert.Equal((0, 0), (log.Read().Done, log.Read().History.Length));

        progress.Started([Success(0, 5, 100), Success(1, 6, 90), Failure(2), Success(3, 7, 80)]);
        progress.OutcomesRecorded([Success(4, 8, 70)]);
        progress.HypervolumeChanged(new HypervolumePoint(4, 5, [9, 9], 12));

        var snapshot = log.Read();
        Assert.Equal((5, 1), (snapshot.Done, snapshot.Failed));
        Assert.Equal([(2, 10), (4, 11), (5, 12)], snapshot.History.Select(h => (h.Evaluations, h.Hypervolume)));
    }

    [Theory]
    [InlineData(FinishReason.Completed, ProgressState.Finished)]
    [InlineData(FinishReason.Stopped, ProgressState.Stopped)]
    public void Read_AfterTheEnd_SaysWhichEnd(FinishReason reason, ProgressState expected)
    {
        var (progress, log) = New();
        progress.Started([]);
        progress.Finished(reason);
        Assert.Equal(expected, log.Read().State);
    }

    [Fact]
    public void Read_NothingNew_IsTheSameSnapshot()
    {
        var (progress, log) = New();
        progress.Started([Success(0, 5, 100)]);
        var first = log.Read();
        progress.Notice("a worker was slow");
        Assert.Same(first, log.Read());
        Assert.Equal(["a worker was slow"], progress.Notices);
        progress.OutcomesRecorded([Failure(1)]);
        Assert.NotSame(first, log.Read());
    }

    private static (RunProgress Progress, ProgressLog Log) New(params HypervolumePoint[] history)
    {
        var log = new ProgressLog("small", Two, 10);
        return (new RunProgress(log, history), log);
    }

    private static OutcomeRecord Success(long sequence, double perplexity, double parameters) =>
        Record(sequence, EvaluationOutcome.Success([new(perplexity, 0.5), new(parameters, 0)]));

    private static OutcomeRecord Failure(long sequence) => Record(sequence, EvaluationOutcome.Failed("no memory"));

    private static OutcomeRecord Record(long sequence, EvaluationOutcome outcome) => new(
        sequence, new Trial(new TrialId(sequence), new Genome([(int)sequence])), new EvaluationKey($"key-{sequence}"), outcome, OutcomeSource.Evaluated, DateTimeOffset.UnixEpoch);
}
