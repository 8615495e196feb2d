using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control;

public sealed class DispatchLedgerTests
{
    private static readonly ControllerOptions Options = new() { LeaseDuration = TimeSpan.FromSeconds(10) };
    private readonly DispatchLedger _ledger = new(Options, 1);

    [Fact]
    public void NextOverdue_SeveralLeases_GivesTheEarliestDeadlineFirst()
    {
        var first = StartLease(0, at: 0);
        var second = StartLease(1, at: 1);
        var third = StartLease(2, at: 1);
        _ledger.Renew(first, At(5));

        Assert.Null(_ledger.NextOverdue(At(10.9)));
        Assert.Same(second, _ledger.NextOverdue(At(20)));
        Assert.Same(third, _ledger.NextOverdue(At(20)));
        Assert.Same(first, _ledger.NextOverdue(At(20)));
        Assert.Null(_ledger.NextOverdue(At(20)));
    }

    [Fact]
    public void NextOverdue_ClosedLease_IsPassedOver()
    {
        _ledger.Close(StartLease(0, at: 0));

        Assert.Null(_ledger.NextOverdue(At(100)));
    }

    [Fact]
    public void NextOverdue_RevokedLease_ComesUpOncePerDuration()
    {
        var lease = StartLease(0, at: 0);
        _ledger.Revoke(lease, At(4));

        Assert.Null(_ledger.NextOverdue(At(13)));
        Assert.Same(lease, _ledger.NextOverdue(At(14)));
        _ledger.Revoke(lease, At(14));
        Assert.Null(_ledger.NextOverdue(At(23)));
        Assert.Same(lease, _ledger.NextOverdue(At(24)));
        Assert.Null(_ledger.NextOverdue(At(24)));
    }

    [Fact]
    public void PrepareShared_RequeuedAndNewTrials_TakesRequeuedFirstEachInOrder()
    {
        foreach (var trial in new[] { 4, 0, 2 })
        {
            Enqueue(trial);
        }

        var lost = _ledger.PrepareShared(Slot(), 2);
        Enqueue(1);
        _ledger.Close(lost);

        Assert.Equal([0, 2, 1, 4], Numbers(_ledger.PrepareShared(Slot(), 2)).Concat(Numbers(_ledger.PrepareShared(Slot(), 2))));
        Assert.Equal(4, _ledger.NextLease);
    }

    [Fact]
    public void CountLoss_BatchThenAlone_CountsLoneLossesOnlyWhenAlone()
    {
        Enqueue(0);
        Enqueue(1);
        var shared = _ledger.PrepareShared(Slot(), 2);
        _ledger.Start(shared, At(0));
        Assert.Empty(_ledger.CountLoss(shared));
        _ledger.Close(shared);
        Assert.Equal((1, 0), Losses(0));

        var alone = _ledger.PrepareShared(Slot(), 1);
        _ledger.Start(alone, At(0));
        Assert.Empty(_ledger.CountLoss(alone));
        _ledger.Close(alone);
        Assert.Equal((2, 1), Losses(0));
        Assert.Equal((1, 0), Losses(1));
        Assert.Equal((1, 1), (_ledger.QueuedAlone, _ledger.QueuedShared));
    }

    [Fact]
    public void Decide_QueuedTrial_LeavesTheQueue()
    {
        Enqueue(0);

        Assert.Null(_ledger.Decide(_ledger.Find(new TrialId(0))!));
        Assert.Equal((0, 0), (_ledger.QueuedShared, _ledger.Undecided));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static EvaluatorSlot Slot() => new(new EvaluatorId("a"), 4);

    private static IEnumerable<int> Numbers(Lease lease) => lease.Trials.Select(entry => (int)entry.Trial.Id.Value);

    private (int Losses, int LoneLosses) Losses(int trial)
    {
        var entry = _ledger.Find(new TrialId(trial))!;
        return (entry.Losses, entry.LoneLosses);
    }

    private void Enqueue(int trial)
    {
        var genome = new Genome([trial]);
        var entry = new TrialEntry(new Trial(new TrialId(trial), genome), new KeyGroup(ControllerScript.KeyOf(genome)));
        _ledger.Add(entry);
        _ledger.Enqueue(entry);
    }

    private Lease StartLease(int trial, double at)
    {
        Enqueue(trial);
        var lease = _ledger.PrepareShared(Slot(), 1);
        _ledger.Start(lease, At(at));
        return lease;
    }
}
