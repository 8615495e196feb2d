using NasCluster.Core.Control;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerWriteTests
{
    [Fact]
    public void Handle_EventsDuringAWrite_GoIntoTheNextOneTogether()
    {
        var search = new ListSearch(1, 2, 3, 4);
        var run = new ControllerScript(search);
        run.Join("a", 3);
        run.Saved(1);
        AssertEffects(run.Report(1, 2, 0.2), "save 2: outcomes #0 2 Evaluated 0.2");
        Assert.Empty(run.Report(1, 0, 0));
        Assert.Empty(run.Report(1, 1, 0.1));
        Assert.Empty(search.Told);

        AssertEffects(run.Saved(2), "publish #0", "save 3: starts 2/3@a; outcomes #1 0 Evaluated 0, #2 1 Evaluated 0.1");
        Assert.Equal([2], search.Told.Keys);
        AssertEffects(run.Saved(3), "publish #1 #2", "dispatch a 2: 3");
        Assert.Equal([0, 1, 2], search.Told.Keys);
    }

    [Fact]
    public void SaveFailed_AfterTheDelay_RepeatsTheSameWriteOnATick()
    {
        var run = new ControllerScript(new ListSearch(1));
        var save = Assert.Single(run.Join("a"));
        Assert.Empty(run.SaveFailed(1));
        Assert.Empty(run.Tick(0.5));
        Assert.Empty(run.Join("b"));

        Assert.Same(save, Assert.Single(run.Tick(0.5)));
        Assert.Empty(run.Tick(10));
        Assert.Empty(run.SaveFailed(1));
        Assert.Same(save, Assert.Single(run.Tick(1)));
        AssertEffects(run.Saved(1), "dispatch a 1: 0");
    }

    [Fact]
    public void SaveFailed_TwiceForOneAttempt_DoesNotPutTheRepetitionOff()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.SaveFailed(1);
        run.Tick(0.5);
        run.SaveFailed(1);

        AssertEffects(run.Tick(0.5), "save 1: starts 1/0@a");
    }

    [Fact]
    public void Saved_AfterItWasReportedAsFailed_IsBelieved()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.SaveFailed(1);

        AssertEffects(run.Saved(1), "dispatch a 1: 0");
        Assert.Empty(run.Wait(5));
    }

    [Fact]
    public void Saved_OfAnEarlierWrite_IsIgnored()
    {
        var search = new ListSearch(1);
        var run = new ControllerScript(search);
        run.Join("a");
        run.Saved(1);
        run.Report(1, 0, 0.5);

        Assert.Empty(run.Saved(1));
        Assert.Empty(search.Told);
    }

    [Fact]
    public void Snapshot_EveryTwoOutcomes_GoesWithTheNextRecordsAndCoversWhatIsTold()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3, 4, 5), new ControllerOptions { SnapshotEvery = 2 });
        run.Join("a");
        run.Saved(1);
        AssertEffects(run.Report(1, 0, 0), "save 2: starts 2/1@a; outcomes #0 0 Evaluated 0");
        run.Saved(2);
        AssertEffects(run.Report(2, 1, 0), "save 3: starts 3/2@a; outcomes #1 1 Evaluated 0");
        run.Saved(3);

        var save = (SaveEffect)Assert.Single(run.Report(3, 2, 0));
        Assert.Equal("save 4: starts 4/3@a; outcomes #2 2 Evaluated 0; snapshot 2", Line(save));
        Assert.Equal(2, BitConverter.ToInt32([.. save.Snapshot!.Search.Bytes]));
        Assert.Equal(5, save.Snapshot.NextLease);
        run.Saved(4);
        AssertEffects(run.Report(4, 3, 0), "save 5: starts 5/4@a; outcomes #3 3 Evaluated 0");
    }

    [Fact]
    public void Finish_LastSnapshotCoversEverything_WritesNoOther()
    {
        var recovered = new RecoveredState(
            new ControllerSnapshot(1, 2, new ListSearch(1).Snapshot()), 2, [RecoveredLog.Record(0, 0, 1, 0.5)]);
        var search = new ListSearch(1);
        search.Tell(new(0), ControllerScript.Value(0.5));

        AssertEffects(new ControllerScript(search, recovered: recovered).Tick(), "finish Completed");
    }

    [Fact]
    public void Finish_BudgetIsZero_SavesASnapshotFirst()
    {
        var run = new ControllerScript(new ListSearch());

        AssertEffects(run.Tick(), "save 1: snapshot 0");
        AssertEffects(run.Saved(1), "finish Completed");
    }
}
