using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control.Sharing;

public sealed class EvaluatorTallyTests
{
    private static readonly EvaluationOutcome Good = EvaluationOutcome.Success([new(1, 0)]);
    private static readonly EvaluationOutcome Bad = EvaluationOutcome.Failed("no");

    [Fact]
    public void After_Leases_AddsUpWhatCameOfThem()
    {
        var tally = default(EvaluatorTally).After([Good, Bad, Good], TimeSpan.FromSeconds(6)).After([Good], TimeSpan.FromSeconds(1));

        Assert.Equal(new EvaluatorTally(4, 1, TimeSpan.FromSeconds(7)), tally);
    }

    [Fact]
    public void After_WorkTakenBack_CountsNeitherItNorItsTime()
    {
        var tally = new EvaluatorTally(4, 1, TimeSpan.FromSeconds(7));

        Assert.Equal(tally, tally.After([], TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Evaluators_Announced_SayWhatTheyCountAndHold()
    {
        var run = new DirectoryScript();
        var tally = new EvaluatorTally(12, 1, TimeSpan.FromSeconds(30));
        run.Directory.Announce(run.Now, Announcement(tally, inHand: 2, isDraining: false));

        var listing = Assert.Single(run.Directory.Evaluators);
        Assert.Equal((tally, 2, EvaluatorActivity.Busy), (listing.Tally, listing.InHand, listing.Activity));

        run.Directory.Announce(run.Now, Announcement(tally with { Evaluations = 14 }, inHand: 0, isDraining: false));
        listing = Assert.Single(run.Directory.Evaluators);
        Assert.Equal((14, 0, EvaluatorActivity.Idle), (listing.Tally.Evaluations, listing.InHand, listing.Activity));
    }

    [Fact]
    public void Activity_SearchHasHeardFirst_IsBusy()
    {
        var run = new DirectoryScript();
        run.Announce("a");
        run.Enlist("x", 1);
        run.Enlist("x", 1);

        var listing = Assert.Single(run.Directory.Evaluators);
        Assert.Equal((0, true, EvaluatorActivity.Busy), (listing.InHand, listing.IsBusy, listing.Activity));
    }

    [Fact]
    public void Activity_DrainingAtWork_IsDraining()
    {
        var run = new DirectoryScript();
        run.Directory.Announce(run.Now, Announcement(default, inHand: 3, isDraining: true));

        Assert.Equal(EvaluatorActivity.Draining, Assert.Single(run.Directory.Evaluators).Activity);
    }

    private static EvaluatorAnnouncement Announcement(EvaluatorTally tally, int inHand, bool isDraining) =>
        new(new EvaluatorId("a"), 1, "s", 4, null, ["n"], isDraining) { InHand = inHand, Tally = tally };
}
