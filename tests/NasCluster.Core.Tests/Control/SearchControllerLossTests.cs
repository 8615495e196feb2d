using NasCluster.Core.Control;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerLossTests
{
    [Fact]
    public void Lose_EvaluatorWithABatch_QueuesItAgainBeforeNewTrialsInOrder()
    {
        var search = new ListSearch(1, 2, 3, 4, 5);
        var run = new ControllerScript(search);
        run.Join("a", 2);
        run.Saved(1);
        run.Join("b", 1);
        run.Saved(2);
        Assert.Empty(run.Lose("a"));

        AssertEffects(run.Join("c", 4), "save 3: starts 3/0@c 3/1@c 3/3@c 3/4@c");
    }

    [Fact]
    public void Lose_BeforeItsStartIsDurable_CountsNoLoss()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { LoneLossesBeforeParking = 1 });
        run.Join("a");
        Assert.Empty(run.Lose("a"));
        Assert.Empty(run.Saved(1));

        AssertEffects(run.Join("a"), "save 2: starts 2/0@a");
    }

    [Fact]
    public void Lose_UnknownEvaluator_ChangesNothing() => Assert.Empty(new ControllerScript(new ListSearch(1)).Lose("a"));

    [Fact]
    public void Join_KnownEvaluator_LosesWhatItHeldAndServesItAgain()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a");
        run.Saved(1);

        AssertEffects(run.Join("a", 2), "revoke a 1", "save 2: starts 2/0@a 2/1@a");
        AssertEffects(run.Saved(2), "dispatch a 2: 0 1");
        Assert.Empty(run.Release(1));
    }

    [Fact]
    public void Lose_TwiceInABatch_DispatchesEachAlone()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3));
        run.Join("a", 2);
        run.Saved(1);
        run.Lose("a");
        run.Join("a", 2);
        run.Saved(2);
        run.Lose("a");

        AssertEffects(run.Join("a", 2), "save 3: starts 3/0@a");
        run.Saved(3);

        // The third trial is new and shares; the second must be alone and goes first.
        AssertEffects(run.Join("b", 2), "save 4: starts 4/1@b");
        run.Saved(4);
        AssertEffects(run.Join("c", 2), "save 5: starts 5/2@c");
    }

    [Fact]
    public void Lose_FiveTimesAlone_ParksTheTrial()
    {
        var search = new ListSearch(1);
        var run = new ControllerScript(search);
        for (var loss = 1; loss <= 5; loss++)
        {
            AssertEffects(run.Join("a", 8), $"save {loss}: starts {loss}/0@a");
            AssertEffects(run.Saved(loss), $"dispatch a {loss}: 0");
            if (loss < 5)
            {
                Assert.Empty(run.Lose("a"));
            }
        }

        AssertEffects(
            run.Lose("a"),
            "notice",
            "save 6: outcomes #0 0 Parked failed: given up after 5 evaluators were lost while each worked on it alone");
        AssertEffects(run.Saved(6), "publish #0", "save 7: snapshot 1");
        Assert.False(search.Told[0].IsSuccess);
    }

    [Fact]
    public void Lose_LastOfABatch_IsNotALoneLoss()
    {
        var run = new ControllerScript(new ListSearch(1, 2), new ControllerOptions { LoneLossesBeforeParking = 1 });
        run.Join("a", 2);
        run.Saved(1);
        run.Report(1, 0, 0);
        run.Saved(2);

        Assert.Empty(run.Lose("a"));
        AssertEffects(run.Join("a", 2), "save 3: starts 2/1@a");
    }

    [Fact]
    public void Tick_LeaseRunsOut_RevokesItAndWaitsForTheEvaluatorToDropIt()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);

        Assert.Empty(run.Wait(59));
        AssertEffects(run.Tick(1), "notice", "revoke a 1");
        Assert.Empty(run.Wait(59));
        AssertEffects(run.Tick(1), "revoke a 1");
        AssertEffects(run.Release(1), "save 2: starts 2/0@a");
        Assert.Empty(run.Release(1));
        AssertEffects(run.Saved(2), "dispatch a 2: 0");
    }

    [Fact]
    public void Tick_LeaseRunsOut_GivesTheTrialToAnother()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Join("b");

        AssertEffects(run.Wait(60), "notice", "revoke a 1", "save 2: starts 2/0@b");
    }

    [Fact]
    public void Renew_LiveLease_CountsFromThen()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Wait(50);
        Assert.Empty(run.Renew(1));

        Assert.Empty(run.Wait(59));
        AssertEffects(run.Tick(1), "notice", "revoke a 1");
    }

    [Fact]
    public void Renew_RevokedLease_RevokesItAgain()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Wait(60);

        AssertEffects(run.Renew(1), "revoke a 1");
        Assert.Empty(run.Renew(7));
    }

    [Fact]
    public void Saved_AfterALongWrite_StartsTheLeaseOnlyThen()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        Assert.Empty(run.Wait(300));
        AssertEffects(run.Saved(1), "dispatch a 1: 0");

        Assert.Empty(run.Wait(59));
        AssertEffects(run.Tick(1), "notice", "revoke a 1");
    }

    [Fact]
    public void Tick_OutcomeReportedButNotSaved_IsNotLost()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Report(1, 0, 0.5);

        Assert.Empty(run.Wait(300));
        Assert.Empty(run.Lose("a"));
        AssertEffects(run.Saved(2), "publish #0", "save 3: snapshot 1");
    }

    [Fact]
    public void Tick_AfterTheHostSlept_CountsHalfALease()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);

        Assert.Empty(run.Tick(8 * 3600));
        Assert.Empty(run.Wait(29));
        AssertEffects(run.Tick(1), "notice", "revoke a 1");
    }

    [Fact]
    public void Release_LiveLease_QueuesItsTrialsAgainWithoutLoss()
    {
        var run = new ControllerScript(new ListSearch(1, 2), new ControllerOptions { LossesBeforeAlone = 1, LoneLossesBeforeParking = 1 });
        run.Join("a", 2);
        run.Saved(1);

        AssertEffects(run.Release(1), "save 2: starts 2/0@a 2/1@a");
    }
}
