using NasCluster.Core.Search;
using Xunit;

namespace NasCluster.Testing;

/// <content>Snapshots and going on from them.</content>
public abstract partial class SearchContract
{
    [Fact]
    public void Restore_AtEveryPoint_GoesOnAsUninterrupted()
    {
        var options = OptionsWith();
        var uninterrupted = Create(options);
        var snapshots = new List<SearchSnapshot> { uninterrupted.Snapshot() };
        var told = SearchDriver.Run(uninterrupted, Observed(MixedOutcome));
        snapshots.Add(uninterrupted.Snapshot());

        for (var done = 0; done < Budget; done++)
        {
            var restored = Searches.Restore(Algorithm, options, Space, snapshots[done]);
            Assert.Equal(snapshots[done], restored.Snapshot());
            Assert.Equal(told.Skip(done), SearchDriver.Run(restored, MixedOutcome));
            Assert.Equal(snapshots[^1], restored.Snapshot());
        }

        // A snapshot before each tell but the first, which was taken at the start.
        Func<Trial, EvaluationOutcome> Observed(Func<Trial, EvaluationOutcome> evaluate) => trial =>
        {
            if (trial.Id.Value > 0)
            {
                snapshots.Add(uninterrupted.Snapshot());
            }

            return evaluate(trial);
        };
    }

    [Fact]
    public void Restore_TrialsInFlight_AreHandedOutAgain()
    {
        var search = Create(OptionsWith());
        var asked = search.Ask(3);
        search.Tell(asked[1].Id, Evaluate(asked[1]));
        var restored = Searches.Restore(Algorithm, OptionsWith(), Space, search.Snapshot());

        Assert.Equal([asked[0], asked[2]], restored.Ask(2));
    }
}
