using NasCluster.Core.Control;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.EffectText;
using static NasCluster.Core.Tests.Control.RecoveredLog;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerRecoveryTests
{
    [Fact]
    public void Constructor_WithoutSnapshot_TellsTheWholeLogAndGoesOn()
    {
        var search = new ListSearch(1, 2, 3);
        var run = new ControllerScript(search, recovered: new RecoveredState(null, 9, [Record(0, 1, 2, 0.2), Record(1, 0, 1, 0.1)]));

        Assert.Equal([0, 1], search.Told.Keys);
        AssertEffects(run.Join("a"), "save 1: starts 9/2@a");
        run.Saved(1);
        AssertEffects(run.Report(9, 2, 0.3), "save 2: outcomes #2 2 Evaluated 0.3");
    }

    [Fact]
    public void Constructor_WithSnapshot_TellsOnlyWhatCameAfterIt()
    {
        var search = new ListSearch(1, 2, 3);
        search.Tell(new TrialId(0), ControllerScript.Value(0.1));
        var told = search.Tells;
        var snapshot = new ControllerSnapshot(1, 12, search.Snapshot());
        var run = new ControllerScript(search, recovered: new RecoveredState(snapshot, 4, [Record(0, 0, 1, 0.1), Record(1, 1, 2, 0.2)]));

        Assert.Equal(told + 1, search.Tells);
        AssertEffects(run.Join("a"), "save 1: starts 12/2@a");
    }

    [Fact]
    public void Join_TrialsInFlightAtTheCrash_AreDispatchedFirst()
    {
        // Trial 2 was told, so 0 and 1 had been given out.
        var run = new ControllerScript(new ListSearch(1, 2, 3, 4), recovered: new RecoveredState(null, 4, [Record(0, 2, 3, 0.3)]));

        AssertEffects(run.Join("a", 3), "save 1: starts 4/0@a 4/1@a 4/3@a");
    }

    [Fact]
    public void Report_FromBeforeTheCrash_SuccessIsTakenAndFailureIgnored()
    {
        var options = new ControllerOptions { FailuresBeforeParking = 1 };
        var run = new ControllerScript(new ListSearch(1, 2, 3), options, new RecoveredState(null, 4, [Record(0, 2, 3, 0.3)]));
        run.Join("a", 2);
        run.Saved(1);

        Assert.Empty(run.Fail(1, 0));
        AssertEffects(run.Report(2, 0, 0.5), "save 2: outcomes #1 0 Evaluated 0.5");
        Assert.Empty(run.Report(4, 0, 0.5));
        Assert.Empty(run.Renew(2));
        Assert.Empty(run.Release(2));
        Assert.Empty(run.Report(1, 2, 0.3));
    }

    [Fact]
    public void Tick_KeyInTheLog_IsRememberedForTrialsInFlight()
    {
        var run = new ControllerScript(new ListSearch(7, 8, 7), recovered: new RecoveredState(null, 4, [Record(0, 1, 8, 0.8), Record(1, 2, 7, 0.7)]));

        AssertEffects(run.Tick(), "save 1: outcomes #2 0 Remembered 0.7");
    }

    [Fact]
    public void Tick_EverythingToldButNotFinishedCleanly_SavesASnapshotAndFinishes()
    {
        var run = new ControllerScript(new ListSearch(1), recovered: new RecoveredState(null, 2, [Record(0, 0, 1, 0.5)]));

        AssertEffects(run.Tick(), "save 1: snapshot 1");
        AssertEffects(run.Saved(1), "finish Completed");
    }

    [Fact]
    public void Constructor_GapInTheLog_Throws() => AssertRefused(
        "Outcome log, place 1: it holds sequence 2; sequences must be 0, 1, 2, ... without gaps.",
        Record(0, 0, 1, 0),
        Record(2, 1, 2, 0));

    [Fact]
    public void Constructor_TrialTwiceInTheLog_Throws() => AssertRefused(
        "Outcome log, sequence 1: trial 0 has an outcome already; a trial may have one only.",
        Record(0, 0, 1, 0),
        Record(1, 0, 1, 0));

    [Fact]
    public void Constructor_OtherGenome_Throws() => AssertRefused(
        "Outcome log, sequence 0: trial 0 has genome 5, but the search proposes 1; seed and options must be those it began with.",
        Record(0, 0, 5, 0));

    [Fact]
    public void Constructor_OtherKey_Throws() => AssertRefused(
        "Outcome log, sequence 0: trial 0 was recorded under another evaluation key; model, data and objectives must be those the search began with.",
        Record(0, 0, 1, 0) with { Key = new("another") });

    [Fact]
    public void Constructor_TrialNotProposed_Throws() => AssertRefused(
        "Outcome log, sequence 0: the search has not proposed trial 8 by then; seed, budget and options must be those it began with.",
        Record(0, 8, 1, 0));

    [Fact]
    public void Constructor_SnapshotBeyondTheLog_Throws()
    {
        var recovered = new RecoveredState(new ControllerSnapshot(3, 1, new ListSearch(1).Snapshot()), 1, [Record(0, 0, 1, 0)]);

        var failure = Assert.Throws<NasClusterException>(() => new ControllerScript(new ListSearch(1, 2), recovered: recovered));
        Assert.Equal("Outcome log: it has 1 outcomes but the snapshot covers 3; the log must reach at least as far.", failure.Message);
    }

    private static void AssertRefused(string message, params OutcomeRecord[] log)
    {
        var failure = Assert.Throws<NasClusterException>(() => new ControllerScript(new ListSearch(1, 2), recovered: new RecoveredState(null, 5, log)));
        Assert.Equal(message, failure.Message);
    }
}
