using NasCluster.Core.Control;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

/// <summary>What a host that lends evaluators to several searches must know of each.</summary>
public sealed class SearchControllerSharingTests
{
    [Fact]
    public void Drain_IdleEvaluator_IsFreedAtOnceAndOnce()
    {
        var run = new ControllerScript(new ListSearch(1) { Batch = 1 });
        run.Join("a");
        run.Join("b");

        AssertEffects(run.Drain("b"), "freed b");
        Assert.Empty(run.Drain("b"));
        Assert.Equal(["a"], run.Evaluators.Select(held => held.Evaluator.Value));
    }

    [Fact]
    public void Drain_WorkingEvaluatorToldTwice_IsFreedOnceWhenItsLeaseEnds()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a", 2);
        run.Saved(1);
        Assert.Empty(run.Drain("a"));
        Assert.Empty(run.Drain("a"));
        Assert.Equal(new HeldEvaluator(new EvaluatorId("a"), 2, IsBusy: true, IsDraining: true), Assert.Single(run.Evaluators));

        AssertEffects(run.Report(1, 0, 0), "save 2: outcomes #0 0 Evaluated 0");
        AssertEffects(run.Report(1, 1, 0), "freed a");
        Assert.Empty(run.Evaluators);
    }

    [Fact]
    public void Drain_EvaluatorThatOwesADrop_IsFreedWhenItHasDroppedTheLease()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { LeaseDuration = TimeSpan.FromSeconds(3) });
        run.Join("a");
        run.Saved(1);
        run.Wait(3);
        Assert.Empty(run.Drain("a"));

        AssertEffects(run.Release(1), "freed a");
    }

    [Fact]
    public void Lose_DrainingEvaluator_IsNotFreed()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Drain("a");

        Assert.Empty(run.Lose("a"));
        Assert.Empty(run.Evaluators);
    }

    [Fact]
    public void Join_DrainingEvaluatorRestarts_StaysAndIsNotFreed()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3));
        run.Join("a");
        run.Saved(1);
        run.Drain("a");

        AssertEffects(run.Join("a"), "revoke a 1", "save 2: starts 2/0@a");
        Assert.False(Assert.Single(run.Evaluators).IsDraining);
        Assert.Equal(3, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_BeforeAnythingHappened_IsOneForEachTrialThereIs() =>
        Assert.Equal(3, new ControllerScript(new ListSearch(1, 2, 3, 4, 5) { Batch = 3 }).Wanted);

    [Fact]
    public void EvaluatorsWanted_RecoveredSearch_CountsWhatWasInFlight()
    {
        var search = new ListSearch(1, 2, 3);
        var run = new ControllerScript(search, recovered: new RecoveredState(null, 0, [RecoveredLog.Record(0, 1, 2, 0.5)]));

        // Replay asks for trials 0 and 1; 2 is still with the search.
        Assert.Equal(2, run.Wanted);
        run.Tick();
        Assert.Equal(2, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_AlongAGeneration_FallsToThoseAtWorkAndRisesAtTheNext()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3, 4) { Batch = 2 });
        run.Join("a");
        run.Saved(1);
        run.Join("b");
        run.Saved(2);
        run.Join("c");
        Assert.Equal(2, run.Wanted);

        // While the outcome is on its way to storage nobody knows that it opens nothing.
        run.Report(1, 0, 0);
        Assert.Equal(2, run.Wanted);
        run.Saved(3);
        Assert.Equal(1, run.Wanted);
        run.Report(2, 1, 0);
        Assert.Equal(1, run.Wanted);
        run.Saved(4);
        Assert.Equal(2, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_TrialsThatFollowOneWithTheirKey_DoNotCount()
    {
        var run = new ControllerScript(new ListSearch(7, 7, 7));
        Assert.Equal(3, run.Wanted);
        run.Join("a", 3);

        Assert.Equal(1, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_TrialsBeingLookedUp_Count()
    {
        var run = new ControllerScript(new ListSearch(1, 2), new ControllerOptions { UseCache = true });
        run.Join("a", 2);

        Assert.Equal(2, run.Wanted);
        run.LookedUp(1, (1, 0.5));
        Assert.Equal(1, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_DrainingEvaluator_DoesNotCount()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a");
        run.Saved(1);
        Assert.Equal(2, run.Wanted);
        run.Drain("a");

        Assert.Equal(1, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_PausedThenGoingOn_IsThoseAtWorkThenAll()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3));
        run.Join("a");
        run.Saved(1);
        run.Pause();
        Assert.Equal(1, run.Wanted);
        run.Continue();

        Assert.Equal(3, run.Wanted);
    }

    [Fact]
    public void EvaluatorsWanted_StoppingThenFinished_IsThoseThatOweADropThenNone()
    {
        var run = new ControllerScript(new ListSearch(1, 2, 3));
        run.Join("a");
        run.Saved(1);
        run.Join("b");
        run.Saved(2);
        run.Stop();
        Assert.Equal(2, run.Wanted);
        run.Release(1);
        Assert.Equal(1, run.Wanted);
        run.Saved(3);

        Assert.Equal(ControllerPhase.Finished, run.Status.Phase);
        Assert.Equal(0, run.Wanted);
    }

    [Fact]
    public void Status_AfterALossAFailureAndAParking_CountsEach()
    {
        var options = new ControllerOptions { LeaseDuration = TimeSpan.FromSeconds(3), FailuresBeforeParking = 2 };
        var run = new ControllerScript(new ListSearch(1, 2), options);
        run.Join("a", 2);
        run.Saved(1);
        run.Wait(3);
        Assert.Equal((1, 2, 0, 2), (run.Status.LeasesExpired, run.Status.Retries, run.Status.Leases, run.Status.Queued));

        run.Release(1);
        run.Saved(2);
        Assert.Equal((1, 2), (run.Status.Leases, run.Status.InFlight));
        run.Fail(2, 0);
        Assert.Equal((3, 1), (run.Status.Retries, run.Status.InFlight));
        run.Fail(2, 1);
        run.Saved(3);
        run.Fail(3, 0);
        run.Saved(4);
        Assert.Equal((1L, 1L, 0L), (run.Status.Parked, run.Status.Told, run.Status.Untold));
        Assert.Equal((1, 1), (run.Status.Evaluators, run.Status.Undecided));
        Assert.Equal(ControllerPhase.Running, run.Status.Phase);
    }

    [Fact]
    public void Status_RecoveredSearch_KnowsWhatWasParkedBefore()
    {
        var log = new RecoveredState(null, 0, [RecoveredLog.Record(0, 0, 1, 0.5) with { Source = OutcomeSource.Parked }]);

        Assert.Equal(1, new ControllerScript(new ListSearch(1, 2, 3), recovered: log).Status.Parked);
    }
}
