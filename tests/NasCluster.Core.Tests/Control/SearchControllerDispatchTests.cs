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
}
