using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Core.Tests.Control.Sharing;

public sealed class LoanBookTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly LoanBook _book = new(new SearchId("x"), 2, "network", start: 100);

    [Fact]
    public void Enlist_Repeatedly_NumbersRise()
    {
        Assert.Equal(101, _book.Enlist([], 3).Number);
        var second = _book.Enlist([], 4);
        Assert.Equal((102, 4, 2.0, "network", new SearchId("x")), (second.Number, second.Wanted, second.Weight, second.SuperNetwork, second.Search));
    }

    [Fact]
    public void Apply_NewLoan_JoinsAndIsClaimedFromThenOn()
    {
        Assert.Equal([Joined("a", 4)], Apply([], Loan("a", life: 7, batchSize: 4)));

        Assert.Equal([new LoanClaim(new EvaluatorId("a"), 7, 4, true)], _book.Enlist([Held("a", 4)], 1).Held.ToArray());
    }

    [Fact]
    public void Apply_SameLoansAgain_ChangesNothing()
    {
        Apply([], Loan("a"));

        Assert.Empty(Apply([Held("a")], Loan("a")));
    }

    [Fact]
    public void Apply_CalledBack_DrainsOnce()
    {
        Apply([], Loan("a"));

        Assert.Equal([new EvaluatorDrainingEvent(At, new EvaluatorId("a"))], Apply([Held("a")], Loan("a", isCalledBack: true)));
        Assert.Empty(Apply([Held("a", isDraining: true)], Loan("a", isCalledBack: true)));
        Assert.Empty(Apply([], Loan("a", isCalledBack: true)));
    }

    [Fact]
    public void Apply_LentAgainWhileItStillDrains_JoinsWhenItHasLeft()
    {
        Apply([], Loan("a"));
        Apply([Held("a")], Loan("a", isCalledBack: true));

        Assert.Empty(Apply([Held("a", isDraining: true)], Loan("a")));
        Assert.Equal([Joined("a")], Apply([], Loan("a")));
    }

    [Fact]
    public void Apply_Vanished_IsLost()
    {
        Apply([], Loan("a"), Loan("b"));

        Assert.Equal([Lost("a"), new EvaluatorDrainingEvent(At, new EvaluatorId("b")), Joined("c")],
            Apply([Held("a"), Held("b")], Loan("b", isCalledBack: true), Loan("c")));
    }

    [Fact]
    public void Apply_AnotherLife_JoinsAnew()
    {
        Apply([], Loan("a", life: 1));

        Assert.Equal([Joined("a")], Apply([Held("a")], Loan("a", life: 2)));
        Assert.Equal(2, Assert.Single(_book.Enlist([Held("a")], 1).Held).Life);
    }

    [Fact]
    public void Apply_AnotherLifeThatIsCalledBack_LosesTheOneThereWas()
    {
        Apply([], Loan("a", life: 1));

        Assert.Equal([Lost("a")], Apply([Held("a")], Loan("a", life: 2, isCalledBack: true)));
    }

    [Fact]
    public void Apply_EvaluatorTheBookNeverSaw_IsLostUnlessLent()
    {
        Assert.Equal([Lost("b"), Joined("a")], Apply([Held("a"), Held("b")], Loan("a")));
    }

    [Fact]
    public void Apply_NotTheLatestOrTwice_ChangesNothing()
    {
        var first = _book.Enlist([], 1).Number;
        var second = _book.Enlist([], 1).Number;

        Assert.Empty(_book.Apply(At, new LoanSheet(first, [Loan("a")]), []));
        Assert.Single(_book.Apply(At, new LoanSheet(second, [Loan("a")]), []));
        Assert.Empty(_book.Apply(At, new LoanSheet(second, []), [Held("a")]));
    }

    [Fact]
    public void IsNews_WishAroundWhatWasGranted_OnlyWhenItCrosses()
    {
        Assert.True(_book.IsNews(1));
        _book.Apply(At, new LoanSheet(_book.Enlist([], 9).Number, [Loan("a"), Loan("b"), Loan("c", isCalledBack: true)]), []);

        Assert.Equal([true, true, true, false, false], new[] { 0, 1, 2, 3, 10 }.Select(_book.IsNews));
    }

    private static Loan Loan(string evaluator, long life = 1, int batchSize = 1, bool isCalledBack = false) =>
        new(new EvaluatorId(evaluator), life, batchSize, isCalledBack);

    private static HeldEvaluator Held(string evaluator, int batchSize = 1, bool isDraining = false) =>
        new(new EvaluatorId(evaluator), batchSize, true, isDraining);

    private static EvaluatorJoinedEvent Joined(string evaluator, int batchSize = 1) => new(At, new EvaluatorId(evaluator), batchSize);

    private static EvaluatorLostEvent Lost(string evaluator) => new(At, new EvaluatorId(evaluator));

    private ControllerEvent[] Apply(ImmutableArray<HeldEvaluator> held, params Loan[] loans) =>
        [.. _book.Apply(At, new LoanSheet(_book.Enlist(held, 1).Number, [.. loans]), held)];
}
