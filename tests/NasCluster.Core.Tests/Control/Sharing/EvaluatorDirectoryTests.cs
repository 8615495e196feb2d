using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Core.Tests.Control.Sharing;

public sealed class EvaluatorDirectoryTests
{
    [Fact]
    public void Enlist_OnlySearch_GetsAsManyAsItWants()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b", "c");

        Assert.Equal("a b", run.Enlist("x", 2));
        Assert.Equal("a b c", run.Enlist("x", 5));
    }

    [Fact]
    public void Announce_EvaluatorThatSomebodyLacks_IsLentAndTheSearchIsToBeTold()
    {
        var run = new DirectoryScript();
        Assert.Equal("", run.Enlist("x", 2));

        Assert.Equal(["x"], run.Announce("a", batchSize: 8));
        Assert.Empty(run.Announce("a", batchSize: 8));
        Assert.Equal("a", run.Enlist("x", 2));
        Assert.Equal(new Loan(new EvaluatorId("a"), 1, 8, false), Assert.Single(run.Loans["x"]));
        Assert.Empty(run.LastChanged);
    }

    [Fact]
    public void Enlist_SecondSearch_GetsItsShareOnlyWhenTheFirstLetsGo()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b", "c", "d");
        run.Enlist("x", 9);

        Assert.Equal("", run.Enlist("y", 9));
        Assert.Equal(["x"], run.LastChanged);
        Assert.Equal("a! b! c d", run.Enlist("x", 7));
        Assert.Equal("", run.Enlist("y", 9));
        Assert.Equal("b! c d", run.Enlist("x", 7, letGo: "a"));
        Assert.Equal(["y"], run.LastChanged);
        Assert.Equal("a", run.Enlist("y", 9));
        Assert.Equal("c d", run.Enlist("x", 7, letGo: "b"));
        Assert.Equal("a b", run.Enlist("y", 9));
    }

    [Fact]
    public void Enlist_NobodyElseLacksEvaluators_CallsNothingBack()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b", "c", "d");
        run.Enlist("x", 3);
        run.Enlist("y", 1);

        Assert.Equal("a b c", run.Enlist("x", 0));
    }

    [Fact]
    public void Enlist_SomebodyHasIdleOnes_CallsThoseBackFirst()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b", "c", "d");
        run.Enlist("x", 4);
        run.Enlist("x", 4, idle: "c");
        run.Enlist("y", 1);

        Assert.Equal("a b c! d", run.Enlist("x", 3, idle: "c"));
    }

    [Fact]
    public void Enlist_HeavierSearch_GetsMoreByItsWeight()
    {
        var run = new DirectoryScript();
        run.Enlist("x", 9, weight: 3);
        run.Enlist("y", 9, weight: 1);
        run.AnnounceAll("a", "b", "c", "d");
        run.Enlist("x", 9, weight: 3);
        run.Enlist("y", 9, weight: 1);

        Assert.Equal((3, 1), (run.Loans["x"].Length, run.Loans["y"].Length));
    }

    [Fact]
    public void Enlist_SearchThatWantsLittle_LeavesTheRestToTheOthers()
    {
        var run = new DirectoryScript();
        run.Enlist("x", 1);
        run.Enlist("y", 9);
        run.AnnounceAll("a", "b", "c", "d", "e");
        run.Enlist("x", 1);
        run.Enlist("y", 9);

        Assert.Equal((1, 4), (run.Loans["x"].Length, run.Loans["y"].Length));
    }

    [Fact]
    public void Lend_EvaluatorNotYetDelivered_IsTakenBackWithoutAsking()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b");
        run.Enlist("x", 9);

        // Lent to x, which does not know: y takes it at once.
        Assert.Equal(["x"], run.Announce("c"));
        Assert.Equal("c", run.Enlist("y", 1));
        Assert.Equal("a b", run.Enlist("x", 9));
    }

    [Fact]
    public void Enlist_LoadedSuperNetwork_IsPreferred()
    {
        var run = new DirectoryScript();
        run.Announce("a", loaded: "p");
        run.Announce("b", loaded: "q");

        Assert.Equal("b", run.Enlist("x", 1, network: "q"));
        Assert.Equal("a", run.Enlist("y", 1, network: "q"));
    }

    [Fact]
    public void Enlist_SuperNetworkNobodyServes_GetsNothingAndCostsNobodyAnything()
    {
        var run = new DirectoryScript();
        run.Announce("a", serves: "p");
        run.Announce("b", serves: "p");
        run.Enlist("x", 5, network: "p");

        Assert.Equal("", run.Enlist("y", 5, network: "q"));
        Assert.Equal("a b", run.Enlist("x", 5, network: "p"));
    }

    [Fact]
    public void Enlist_OnlyAnotherHasWhatItCanUse_MakesThatOneChangeOver()
    {
        var run = new DirectoryScript();
        run.Announce("p1", serves: "p");
        run.Announce("both", serves: "p q");
        run.Announce("q1", serves: "q");
        run.Enlist("y", 2, network: "q");
        run.Enlist("x", 1, network: "p");
        Assert.Equal("both q1", run.Enlist("y", 2, network: "q"));
        Assert.Equal("p1", run.Enlist("x", 1, network: "p"));

        // z has p only, and is due one; y has more than its share of q's.
        run.Enlist("z", 1, network: "p");
        Assert.Equal("both! q1", run.Enlist("y", 2, network: "q"));
    }

    [Fact]
    public void Announce_Draining_IsCalledBackAndNotLentAgain()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b");
        run.Enlist("x", 2);

        Assert.Equal(["x"], run.Announce("a", isDraining: true));
        Assert.Equal("a! b", run.Enlist("x", 2));
        Assert.Equal("b", run.Enlist("x", 2, letGo: "a"));
        Assert.Equal("b", run.Enlist("x", 2));
    }

    [Fact]
    public void Announce_NewLife_IsAnotherLoan()
    {
        var run = new DirectoryScript();
        run.Announce("a", life: 5);
        run.Enlist("x", 1);

        Assert.Equal(["x"], run.Announce("a", life: 6));
        Assert.Empty(run.Announce("a", life: 5));
        run.Enlist("x", 1);
        Assert.Equal(6, Assert.Single(run.Loans["x"]).Life);
    }

    [Fact]
    public void Tick_SilentEvaluator_IsLost()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a", "b");
        run.Enlist("x", 2);
        run.Wait(5);
        run.Announce("b");
        run.Enlist("x", 2);

        Assert.Equal(["x"], run.Wait(5));
        Assert.Equal("b", run.Enlist("x", 2));
    }

    [Fact]
    public void Tick_AfterALongPause_LosesNobodyAtOnce()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a");
        run.Enlist("x", 1);

        Assert.Empty(run.Wait(1000));
        Assert.Equal("a", run.Enlist("x", 1));
    }

    [Fact]
    public void Tick_SilentSearch_LosesItsEvaluatorsToTheOthers()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a");
        run.Enlist("x", 1);
        run.Wait(4);
        run.AnnounceAll("a");
        run.Enlist("y", 1);
        run.Wait(4);
        run.AnnounceAll("a");
        run.Enlist("y", 1);

        Assert.Equal(["y"], run.Wait(2));
        Assert.Equal("a", run.Enlist("y", 1));
        Assert.Equal("", run.Enlist("x", 1));
    }

    [Fact]
    public void LoseSilo_EvaluatorsOfIt_AreGoneAtOnce()
    {
        var run = new DirectoryScript();
        run.Announce("a", silo: "one");
        run.Announce("b", silo: "two");
        run.Enlist("x", 2);

        Assert.Equal(["x"], run.LoseSilo("one"));
        Assert.Equal("b", run.Enlist("x", 2));
        Assert.Equal(["x"], run.Lose("b"));
        Assert.Equal("", run.Enlist("x", 2));
    }

    [Fact]
    public void Enlist_OlderThanTheLatest_ChangesNothingAndGetsNothing()
    {
        var run = new DirectoryScript();
        run.AnnounceAll("a");
        run.Enlist("x", 1);
        run.Enlist("x", 1);

        Assert.Empty(run.Claim("x", 0, 1, DirectoryScript.Network, 1).Sheet.Loans);
        Assert.Equal("a", run.Enlist("x", 1));
        Assert.Equal("", run.Enlist("y", 1));
    }

    [Fact]
    public void Restart_SearchesHoldEvaluators_KeepThemAndNothingElseIsLentUntilWarm()
    {
        var run = new DirectoryScript(new DirectoryOptions());
        run.Wait(3);
        run.AnnounceAll("a", "b");
        run.Enlist("x", 1);
        run.Enlist("y", 1);
        run.Restart();
        run.AnnounceAll("a", "b", "c");

        // z is the first to ask, but for all the directory knows the others hold everything.
        Assert.Equal("", run.Enlist("z", 1));
        Assert.Equal("a", run.Enlist("x", 1));
        run.Wait(2.9);
        Assert.Equal("", run.Enlist("z", 1));
        Assert.Equal("b", run.Enlist("y", 1));
        Assert.Equal(["z"], run.Wait(0.1));
        Assert.Equal("c", run.Enlist("z", 1));
    }

    [Fact]
    public void Restart_EvaluatorHasNotAnnouncedItself_IsKeptUntilItIsSilentTooLong()
    {
        var run = new DirectoryScript(new DirectoryOptions());
        run.Wait(3);
        run.AnnounceAll("a", "b");
        run.Enlist("x", 2);
        run.Restart();

        Assert.Equal("a b", run.Enlist("x", 2));
        run.Wait(5);
        run.AnnounceAll("a");
        run.Enlist("x", 2);
        run.Wait(5);
        Assert.Equal("a", run.Enlist("x", 2));
    }

    [Fact]
    public void Restart_TwoClaimOne_TheFirstKeepsIt()
    {
        var run = new DirectoryScript(new DirectoryOptions());
        var claim = new LoanClaim(new EvaluatorId("a"), 1, 1, true);

        Assert.Single(run.Claim("x", 1, 1, DirectoryScript.Network, 1, claim).Sheet.Loans);
        Assert.Empty(run.Claim("y", 1, 1, DirectoryScript.Network, 1, claim).Sheet.Loans);
        Assert.Equal(new SearchId("x"), run.Directory.HolderOf(new EvaluatorId("a")));
    }

    [Fact]
    public void Enlist_ClaimOfALostEvaluatorOrAnEarlierLife_IsRefused()
    {
        var run = new DirectoryScript();
        run.Announce("a", life: 2);

        Assert.Empty(run.Claim("x", 0, 1, DirectoryScript.Network, null, new LoanClaim(new EvaluatorId("a"), 1, 1, true)).Sheet.Loans);
        Assert.Empty(run.Claim("x", 0, 1, DirectoryScript.Network, null, new LoanClaim(new EvaluatorId("b"), 1, 1, true)).Sheet.Loans);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Enlist_WeightOutOfRange_Throws(double weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryScript().Enlist("x", 1, weight));

    [Fact]
    public void Enlist_NegativeWish_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryScript().Enlist("x", -1));

    [Fact]
    public void Announce_BatchSizeZero_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryScript().Announce("a", batchSize: 0));

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, -1)]
    public void Constructor_OptionOutOfRange_Throws(int quantum, int silence, int warmUp) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectoryScript(new DirectoryOptions
        {
            Quantum = TimeSpan.FromSeconds(quantum),
            Silence = TimeSpan.FromSeconds(silence),
            WarmUp = TimeSpan.FromSeconds(warmUp),
        }));
}
