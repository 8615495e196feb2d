using NasCluster.Core.Control;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerKeyTests
{
    private static readonly ControllerOptions Cached = new() { UseCache = true };

    [Fact]
    public void Ask_TrialsWithOneKey_DispatchesTheFirstAndRemembersForTheOthers()
    {
        var search = new ListSearch(7, 7, 8, 7);
        var run = new ControllerScript(search);

        // The followers take no place, so the search is asked until the places are filled.
        AssertEffects(run.Join("a", 2), "save 1: starts 1/0@a 1/2@a");
        Assert.Equal([2, 1], search.AskedCounts);
        run.Saved(1);
        AssertEffects(run.Report(1, 0, 0.5), "save 2: outcomes #0 0 Evaluated 0.5, #1 1 Remembered 0.5");
        AssertEffects(run.Report(1, 2, 0.25));

        // The last is asked for when its key is known already.
        AssertEffects(run.Saved(2), "publish #0 #1", "save 3: outcomes #2 2 Evaluated 0.25, #3 3 Remembered 0.5");
        Assert.Equal(0.5, search.Told[1].Values[0].Value);
    }

    [Fact]
    public void Park_LeaderOfAKey_ParksNobodyElseButAllTakeItsOutcome()
    {
        var run = new ControllerScript(new ListSearch(7, 7), new ControllerOptions { FailuresBeforeParking = 1 });
        run.Join("a", 2);
        run.Saved(1);

        AssertEffects(
            run.Fail(1, 0),
            "notice",
            "save 2: outcomes #0 0 Parked failed: given up after 1 failures, the last: broken, #1 1 Remembered failed: given up after 1 failures, the last: broken");
    }

    [Fact]
    public void LookUp_KeyIsFound_IsRecordedWithoutDispatch()
    {
        var run = new ControllerScript(new ListSearch(7, 8, 7), Cached);

        AssertEffects(run.Join("a", 3), "look up 1: key 7, key 8");
        AssertEffects(run.LookedUp(1, (7, 0.5)), "save 1: starts 1/1@a; outcomes #0 0 Remembered 0.5, #1 2 Remembered 0.5");
        AssertEffects(run.Saved(1), "publish #0 #1", "dispatch a 1: 1");
        Assert.Empty(run.LookedUp(1, (8, 0.25)));
    }

    [Fact]
    public void LookUp_NoAnswerForALease_IsTakenAsUnknown()
    {
        var run = new ControllerScript(new ListSearch(7), Cached);
        run.Join("a");

        Assert.Empty(run.Wait(59));
        AssertEffects(run.Tick(1), "save 1: starts 1/0@a");
        Assert.Empty(run.LookedUp(1, (7, 0.5)));
    }

    [Fact]
    public void LookUp_FoundWithAWrongNumberOfValues_IsEvaluated()
    {
        var run = new ControllerScript(new ListSearch(7), Cached with { ObjectiveCount = 2 });
        run.Join("a");

        AssertEffects(run.LookedUp(1, (7, 0.5)), "save 1: starts 1/0@a");
    }

    [Fact]
    public void LookUp_ZombieReportsFirst_KeepsItsOutcomeAndNoticesAnother()
    {
        var recovered = new RecoveredState(null, 5, [RecoveredLog.Record(0, 1, 8, 0.25)]);
        var run = new ControllerScript(new ListSearch(7, 8), Cached, recovered);
        AssertEffects(run.Tick(), "look up 1: key 7");

        AssertEffects(run.Report(3, 0, 0.5), "save 1: outcomes #1 0 Evaluated 0.5");
        AssertEffects(run.LookedUp(1, (7, 0.75)), "notice");
    }

    [Fact]
    public void LookUp_DuringAWrite_IsNotHeldUpByIt()
    {
        var run = new ControllerScript(new ListSearch(7, 8), Cached);
        run.Join("a");
        run.LookedUp(1);

        AssertEffects(run.Join("b"), "look up 2: key 8");
        Assert.Empty(run.LookedUp(2));
        AssertEffects(run.Saved(1), "dispatch a 1: 0", "save 2: starts 2/1@b");
    }
}
