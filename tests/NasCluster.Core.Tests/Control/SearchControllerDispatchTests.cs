using NasCluster.Core.Control;
using static NasCluster.Core.Tests.Control.EffectText;

namespace NasCluster.Core.Tests.Control;

public sealed class SearchControllerDispatchTests
{
    [Fact]
    public void Handle_OneTrialFromJoinToEnd_SavesBeforeEachStep()
    {
        var search = new ListSearch(5);
        var run = new ControllerScript(search);

        Assert.Empty(run.Tick());
        AssertEffects(run.Join("a"), "save 1: starts 1/0@a");
        AssertEffects(run.Saved(1), "dispatch a 1: 0");
        AssertEffects(run.Report(1, 0, 0.5), "save 2: outcomes #0 0 Evaluated 0.5");
        Assert.Empty(search.Told);
        AssertEffects(run.Saved(2), "publish #0", "save 3: snapshot 1");
        Assert.Equal(0.5, search.Told[0].Values[0].Value);
        AssertEffects(run.Saved(3), "finish Completed");
        Assert.Empty(run.Tick(100));
        Assert.Empty(run.Join("b"));
    }

    [Fact]
    public void Join_BatchOfThree_LeasesThreeTrialsAndAsksForNoMore()
    {
        var search = new ListSearch(1, 2, 3, 4, 5);
        var run = new ControllerScript(search);

        AssertEffects(run.Join("a", 3), "save 1: starts 1/0@a 1/1@a 1/2@a");
        AssertEffects(run.Saved(1), "dispatch a 1: 0 1 2");
        run.Tick(1);
        Assert.Equal([3], search.AskedCounts);
    }

    [Fact]
    public void Report_PartOfABatch_LeavesTheEvaluatorBusyUntilTheLast()
    {
        var search = new ListSearch(1, 2, 3);
        var run = new ControllerScript(search);
        run.Join("a", 2);
        run.Saved(1);

        AssertEffects(run.Report(1, 1, 0.1), "save 2: outcomes #0 1 Evaluated 0.1");
        AssertEffects(run.Saved(2), "publish #0");
        AssertEffects(run.Report(1, 0, 0.2), "save 3: starts 2/2@a; outcomes #1 0 Evaluated 0.2");
        AssertEffects(run.Saved(3), "publish #1", "dispatch a 2: 2");
        Assert.Equal([2, 2], search.AskedCounts);
    }

    [Fact]
    public void Distribute_FewerTrialsThanPlaces_SpreadsThemByBatchSize()
    {
        var search = new ListSearch(1, 2, 3, 4, 5, 6) { Batch = 6 };
        var run = new ControllerScript(search);
        run.Pause();
        run.Join("small", 2);
        run.Join("large", 8);
        run.Join("middle", 4);

        // 6 trials for 14 places: 6 * 2/14, then 5 * 8/12, then what is left.
        AssertEffects(run.Continue(), "save 1: starts 1/0@small 2/1@large 2/2@large 2/3@large 2/4@large 3/5@middle");
    }

    [Fact]
    public void Distribute_TowardsTheEndOfAGeneration_BatchesShrink()
    {
        var run = new ControllerScript(new ListSearch([.. Enumerable.Range(0, 14)]));
        run.Join("a", 4);
        run.Saved(1);
        AssertEffects(run.Join("b", 4), "save 2: starts 2/4@b 2/5@b 2/6@b 2/7@b");
        run.Saved(2);

        // Six are left for two, so three each; then three, two of them now; then the last.
        Assert.Equal("dispatch a 3: 8 9 10", Dispatched(run, 1, 0, 1, 2, 3));
        Assert.Equal("dispatch b 4: 11 12", Dispatched(run, 2, 4, 5, 6, 7));
        Assert.Equal("dispatch a 5: 13", Dispatched(run, 3, 8, 9, 10));
    }

    [Fact]
    public void Distribute_SearchThatGoesOnWithEveryOutcome_FillsItsBatches()
    {
        var run = new ControllerScript(new ListSearch([.. Enumerable.Range(0, 14)]) { MoreToCome = 100 });
        run.Join("a", 4);
        run.Saved(1);
        run.Join("b", 4);
        run.Saved(2);

        Assert.Equal("dispatch a 3: 8 9 10 11", Dispatched(run, 1, 0, 1, 2, 3));
    }

    [Fact]
    public void Handle_EvaluatorsThatJoinTogether_ShareTheQueue()
    {
        var controller = new SearchController(new ListSearch(1, 2, 3), ControllerScript.KeyOf, new ControllerOptions());

        AssertEffects(
            controller.Handle([.. new[] { "a", "b", "c" }.Select(name => new EvaluatorJoinedEvent(ControllerScript.Start, new EvaluatorId(name), 8))]),
            "save 1: starts 1/0@a 2/1@b 3/2@c");
    }

    [Fact]
    public void Handle_NothingOrNull_DoesNothingOrThrows()
    {
        var controller = new SearchController(new ListSearch(1), ControllerScript.KeyOf, new ControllerOptions());

        Assert.Empty(controller.Handle());
        Assert.Throws<ArgumentNullException>(() => controller.Handle((ControllerEvent)null!));
    }

    [Fact]
    public void Distribute_EvaluatorsBecomeIdleTogether_ServesTheLongestWaitingFirst()
    {
        var search = new ListSearch(1, 2, 3, 4, 5);
        var run = new ControllerScript(search);
        run.Join("b");
        run.Saved(1);
        run.Join("a");
        run.Saved(2);
        AssertEffects(run.Report(2, 1, 0), "save 3: starts 3/2@a; outcomes #0 1 Evaluated 0");
        AssertEffects(run.Report(1, 0, 0));
        AssertEffects(run.Join("c"));

        // b was served before a new evaluator came; both wait by now.
        AssertEffects(run.Saved(3), "publish #0", "dispatch a 3: 2", "save 4: starts 4/3@b 5/4@c; outcomes #1 0 Evaluated 0");
    }

    [Fact]
    public void Ask_SearchMustWait_IsAskedAgainOnlyAfterATell()
    {
        var search = new ListSearch(1, 2, 3) { Batch = 1 };
        var run = new ControllerScript(search);
        run.Join("a", 2);
        run.Saved(1);
        run.Tick(1);
        Assert.Equal([2], search.AskedCounts);
        run.Report(1, 0, 0);
        Assert.Equal([2], search.AskedCounts);
        AssertEffects(run.Saved(2), "publish #0", "save 3: starts 2/1@a");
        Assert.Equal([2, 2], search.AskedCounts);
    }

    [Fact]
    public void Ask_SearchThatProposesNothingAndIsNotFinished_Throws()
    {
        var search = new ListSearch(1, 2) { Batch = 0 };

        Assert.Throws<InvalidOperationException>(() => new ControllerScript(search).Join("a"));
    }

    [Fact]
    public void Drain_WorkingEvaluator_FinishesItsLeaseAndGetsNoOther()
    {
        var run = new ControllerScript(new ListSearch(1, 2));
        run.Join("a");
        run.Saved(1);

        Assert.Empty(run.Drain("a"));
        AssertEffects(run.Report(1, 0, 0), "freed a", "save 2: outcomes #0 0 Evaluated 0");
        AssertEffects(run.Saved(2), "publish #0");
        AssertEffects(run.Join("a"), "save 3: starts 2/1@a");
    }

    [Fact]
    public void Drain_BeforeDispatch_QueuesTheTrialAgainWithoutLoss()
    {
        var run = new ControllerScript(new ListSearch(1), new ControllerOptions { LoneLossesBeforeParking = 1 });
        run.Join("a");
        AssertEffects(run.Drain("a"), "freed a");

        Assert.Empty(run.Saved(1));
        AssertEffects(run.Join("b"), "save 2: starts 2/0@b");
    }

    [Fact]
    public void Join_BatchSizeZero_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ControllerScript(new ListSearch(1)).Join("a", 0));

    [Theory]
    [InlineData("LeaseDuration")]
    [InlineData("SnapshotEvery")]
    [InlineData("FailuresBeforeParking")]
    [InlineData("LossesBeforeAlone")]
    [InlineData("LoneLossesBeforeParking")]
    [InlineData("ObjectiveCount")]
    public void Constructor_OptionIsZero_ThrowsNamingIt(string option)
    {
        var options = new ControllerOptions
        {
            LeaseDuration = option == "LeaseDuration" ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
            SnapshotEvery = option == "SnapshotEvery" ? 0 : 1,
            FailuresBeforeParking = option == "FailuresBeforeParking" ? 0 : 1,
            LossesBeforeAlone = option == "LossesBeforeAlone" ? 0 : 1,
            LoneLossesBeforeParking = option == "LoneLossesBeforeParking" ? 0 : 1,
            ObjectiveCount = option == "ObjectiveCount" ? 0 : 1,
        };

        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => new ControllerScript(new ListSearch(1), options));
        Assert.Equal(option, failure.ParamName);
    }

    /// <summary>Reports trials of a lease one by one, each saved at once, and gives the dispatch that the last one leads to.</summary>
    private static string Dispatched(ControllerScript run, long lease, params long[] trials)
    {
        var waiting = new Queue<ControllerEffect>(trials.SelectMany(trial => run.Report(lease, trial, 0.5)));
        while (waiting.TryDequeue(out var effect))
        {
            if (effect is DispatchEffect)
            {
                return Line(effect);
            }

            foreach (var next in effect is SaveEffect save ? run.Saved(save.Write) : [])
            {
                waiting.Enqueue(next);
            }
        }

        return "nothing";
    }
}
