using NasCluster.Core.Control;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerStopTests
{
    [Fact]
    public void Pause_WhileWorkRuns_TakesOutcomesButStartsNothing()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a");
        run.Saved(1);
        Assert.Empty(run.Pause());

        AssertEffects(run.Report(1, 0, 0.5), "save 2: outcomes #0 0 Evaluated 0.5");
        AssertEffects(run.Saved(2), "publish #0");
        Assert.Empty(run.Tick(1));
        AssertEffects(run.Continue(), "save 3: starts 2/1@a");
    }

    [Fact]
    public void Pause_BeforeDispatch_QueuesTheTrialAgainWithoutLoss()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { LoneLossesBeforeParking = 1 });
        run.Join("a");
        run.Pause();

        Assert.Empty(run.Saved(1));
        AssertEffects(run.Continue(), "save 2: starts 2/0@a");
    }

    [Fact]
    public void Pause_LastOutcomeArrives_CompletesAllTheSame()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Pause();
        run.Report(1, 0, 0.5);

        AssertEffects(run.Saved(2), "publish #0", "save 3: snapshot 1");
        AssertEffects(run.Saved(3), "finish Completed");
    }

    [Fact]
    public void Stop_WithWorkRunning_RevokesItSavesASnapshotAndFinishesOnce()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3));
        run.Join("a");
        run.Saved(1);
        run.Join("b");
        run.Saved(2);

        AssertEffects(run.Stop(), "revoke a 1", "revoke b 2", "save 3: snapshot 0");
        Assert.Empty(run.Stop());
        AssertEffects(run.Saved(3), "finish Stopped");
        Assert.Empty(run.Release(1));
        Assert.Empty(run.Saved(3));
    }

    [Fact]
    public void Stop_BeforeDispatch_DispatchesNothing()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        Assert.Empty(run.Stop());

        AssertEffects(run.Saved(1), "save 2: snapshot 0");
        AssertEffects(run.Saved(2), "finish Stopped");
    }

    [Fact]
    public void Stop_OutcomeReportedBeforeItsEnd_IsSavedAndTold()
    {
        var search = new ListSearch(1, 2);
        var run = new ControllerScript(search);
        run.Join("a");
        run.Saved(1);
        AssertEffects(run.Stop(), "revoke a 1", "save 2: snapshot 0");
        Assert.Empty(run.Report(1, 0, 0.5));

        AssertEffects(run.Saved(2), "save 3: outcomes #0 0 Evaluated 0.5");
        AssertEffects(run.Saved(3), "publish #0", "save 4: snapshot 1");
        AssertEffects(run.Saved(4), "finish Stopped");
        Assert.Equal([0], search.Told.Keys);
    }

    [Fact]
    public void Stop_WriteFails_IsRepeatedBeforeTheEnd()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Stop();
        run.SaveFailed(1);

        AssertEffects(run.Tick(1), "save 1: snapshot 0");
        AssertEffects(run.Saved(1), "finish Stopped");
    }

    [Fact]
    public void Stop_NothingLeftToDo_IsCompleted()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Report(1, 0, 0.5);
        run.Stop();
        run.Saved(2);

        AssertEffects(run.Saved(3), "finish Completed");
    }
}
