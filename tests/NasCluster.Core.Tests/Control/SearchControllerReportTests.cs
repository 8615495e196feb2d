using NasCluster.Core.Control;
using NasCluster.Core.Search;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerReportTests
{
    [Fact]
    public void Report_ThreeFailures_ParksTheTrialWithTheLastReason()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        AssertEffects(run.Fail(1, 0, "one"), "save 2: starts 2/0@a");
        run.Saved(2);
        AssertEffects(run.Fail(2, 0, "two"), "save 3: starts 3/0@a");
        run.Saved(3);

        AssertEffects(run.Fail(3, 0, "three"), "notice", "save 4: outcomes #0 0 Parked failed: given up after 3 failures, the last: three");
    }

    [Fact]
    public void Report_SameFailureTwice_CountsOnce()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { FailuresBeforeParking = 2 });
        run.Join("a");
        run.Saved(1);
        run.Fail(1, 0);
        run.Saved(2);

        Assert.Empty(run.Fail(1, 0));
        AssertEffects(run.Fail(2, 0), "notice", "save 3: outcomes #0 0 Parked failed: given up after 2 failures, the last: broken");
    }

    [Fact]
    public void Report_SameSuccessTwice_IsRecordedOnce()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a", 2);
        run.Saved(1);
        run.Report(1, 0, 0.5);

        Assert.Empty(run.Report(1, 0, 0.5));
        AssertEffects(run.Saved(2), "publish #0");
        Assert.Empty(run.Report(1, 0, 0.5));
    }

    [Fact]
    public void Report_SecondDifferentOutcome_IsNoticedAndTheFirstStays()
    {
        var search = new ListSearch(1, 2);
        var run = new ControllerScript(search);
        run.Join("a", 2);
        run.Saved(1);
        run.Report(1, 0, 0.5);

        var notice = Assert.IsType<NoticeEffect>(Assert.Single(run.Report(1, 0, 0.75)));
        Assert.Equal("Trial 0: a second outcome for key key 1 differs from the first, which stays: 0.75 against 0.5.", notice.Message);
        run.Saved(2);
        Assert.Equal(0.5, search.Told[0].Values[0].Value);
    }

    [Fact]
    public void Report_SuccessUnderAnExpiredLeaseWhileQueued_IsTaken()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Wait(60);

        AssertEffects(run.Report(1, 0, 0.5), "save 2: outcomes #0 0 Evaluated 0.5");
    }

    [Fact]
    public void Report_SuccessUnderAnExpiredLeaseWhileWithAnother_IsTakenAndTheNewerLeaseRevoked()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a");
        run.Saved(1);
        run.Lose("a");
        run.Join("b");
        run.Saved(2);

        AssertEffects(run.Report(1, 0, 0.5), "revoke b 2", "save 3: outcomes #0 0 Evaluated 0.5");
        AssertEffects(run.Saved(3), "publish #0");
        AssertEffects(run.Release(2), "save 4: starts 3/1@b");
    }

    [Fact]
    public void Report_SuccessUnderAnExpiredLease_LeavesTheRestOfTheNewerLease()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a", 2);
        run.Saved(1);
        run.Lose("a");
        run.Join("b", 2);
        run.Saved(2);

        AssertEffects(run.Report(1, 0, 0.5), "save 3: outcomes #0 0 Evaluated 0.5");
        Assert.Empty(run.Report(2, 0, 0.5));
        Assert.Empty(run.Report(2, 1, 0.25));
        AssertEffects(run.Saved(3), "publish #0", "save 4: outcomes #1 1 Evaluated 0.25");
    }

    [Fact]
    public void Report_SuccessUnderAnExpiredLeaseBeforeTheNewOneIsDispatched_DispatchesTheRestOnly()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a", 2);
        run.Saved(1);
        run.Lose("a");
        run.Join("b", 2);
        Assert.Empty(run.Report(1, 0, 0.5));

        AssertEffects(run.Saved(2), "dispatch b 2: 1", "save 3: outcomes #0 0 Evaluated 0.5");
    }

    [Fact]
    public void Report_FailureUnderAnExpiredLease_CountsForNothing()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { FailuresBeforeParking = 1 });
        run.Join("a");
        run.Saved(1);
        run.Lose("a");
        Assert.Empty(run.Fail(1, 0));
        run.Join("b");
        run.Saved(2);

        Assert.Empty(run.Fail(1, 0));
        AssertEffects(run.Report(2, 0, 0.5), "save 3: outcomes #0 0 Evaluated 0.5");
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(1, 9)]
    public void Report_LeaseOrTrialNeverGivenOut_IsNoticedOnly(long lease, long trial)
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);

        AssertEffects(run.Report(lease, trial, 0.5), "notice");
    }

    [Fact]
    public void Report_WrongNumberOfValues_IsAFailure()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { ObjectiveCount = 2, FailuresBeforeParking = 1 });
        run.Join("a");
        run.Saved(1);

        AssertEffects(
            run.Report(1, 0, 0.5),
            "notice",
            "save 2: outcomes #0 0 Parked failed: given up after 1 failures, the last: the evaluator gave 1 values for 2 objectives");
    }

    [Fact]
    public void Handle_EarlierTime_CountsAsTheLatest()
    {
        var run = new ControllerScript(new ListSearch(1));
        run.Join("a");
        run.Saved(1);
        run.Wait(30);
        run.Send(new TickEvent(ControllerScript.Start));
        var save = (SaveEffect)run.Send(new OutcomeReportedEvent(ControllerScript.Start, new LeaseId(1), new TrialId(0), ControllerScript.Value(1)))[0];

        Assert.Equal(run.Now, save.Outcomes[0].At);
    }
}
