using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search;
using Xunit;

namespace NasCluster.Testing;

/// <content>The rules of telling.</content>
public abstract partial class SearchContract
{
    [Fact]
    public void Tell_FinishedTrial_ChangesNothing()
    {
        var search = Create(OptionsWith());
        var trials = search.Ask(2);
        search.Tell(trials[0].Id, Evaluate(trials[0]));
        var before = search.Snapshot();

        search.Tell(trials[0].Id, EvaluationOutcome.Failed("late"));
        search.Tell(trials[0].Id, Values(-9, 9));

        Assert.Equal(before, search.Snapshot());
    }

    [Fact]
    public void Tell_UnknownTrial_ThrowsAndChangesNothing()
    {
        var search = Create(OptionsWith());
        var before = search.Snapshot();

        Assert.ThrowsAny<ArgumentException>(() => search.Tell(new TrialId(-1), EvaluationOutcome.Failed("x")));
        Assert.ThrowsAny<ArgumentException>(() => search.Tell(new TrialId(Budget), EvaluationOutcome.Failed("x")));
        Assert.ThrowsAny<ArgumentException>(() => search.Tell(new TrialId(long.MaxValue), EvaluationOutcome.Failed("x")));
        Assert.Equal(before, search.Snapshot());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(2)]
    public void Tell_WrongNumberOfValues_ThrowsAndChangesNothing(int more)
    {
        var search = Create(OptionsWith());
        var trial = search.Ask(1)[0];
        var before = search.Snapshot();
        var outcome = EvaluationOutcome.Success([.. Enumerable.Repeat(new ObjectiveValue(1, 0), Objectives.Length + more)]);

        Assert.ThrowsAny<ArgumentException>(() => search.Tell(trial.Id, outcome));
        Assert.Equal(before, search.Snapshot());
    }

    [Fact]
    public void Tell_TrialNobodyAskedFor_CountsAndIsNotHandedOut()
    {
        var search = Create(OptionsWith());
        search.Tell(new TrialId(1), EvaluationOutcome.Failed("known to fail"));

        Assert.DoesNotContain(new TrialId(1), search.Ask(Budget).Select(t => t.Id));
    }

    [Fact]
    public void Ask_InAnyPortions_ChangesNoState()
    {
        var (portions, allAtOnce) = (Create(OptionsWith()), Create(OptionsWith()));
        for (var i = 0; i < Budget; i++)
        {
            portions.Ask(i % 3);
            var trial = allAtOnce.Ask(Budget) is { Count: > 0 } asked ? asked[0] : null;
            Assert.Equal(portions.Snapshot(), allAtOnce.Snapshot());
            Assert.True(trial is null || trial.Id.Value >= i);
            TellNumber(portions, i);
            TellNumber(allAtOnce, i);
        }

        Assert.True(portions.IsFinished);
        Assert.Equal(portions.Snapshot(), allAtOnce.Snapshot());
    }

    [Fact]
    public void Tell_InAnotherOrder_EndsTheSameUnlessOrderMatters()
    {
        var inOrder = RunShuffled(new Xoshiro256(5), shuffle: false);
        for (ulong seed = 0; seed < 5; seed++)
        {
            var shuffled = RunShuffled(new Xoshiro256(seed), shuffle: true);
            if (OrderOfTellsMatters)
            {
                Assert.Equal(shuffled, RunShuffled(new Xoshiro256(seed), shuffle: true));
            }
            else
            {
                Assert.Equal(inOrder, shuffled);
            }
        }
    }

    private SearchSnapshot RunShuffled(Xoshiro256 random, bool shuffle)
    {
        var search = Create(OptionsWith());
        var waiting = new List<Trial>();
        while (!search.IsFinished)
        {
            waiting.AddRange(search.Ask(int.MaxValue));
            var place = shuffle ? random.NextInt(waiting.Count) : 0;
            var trial = waiting[place];
            waiting.RemoveAt(place);
            search.Tell(trial.Id, MixedOutcome(trial));
        }

        return search.Snapshot();
    }

    private void TellNumber(ISearch search, int number) => search.Tell(new TrialId(number), Values(number * 7 % 11, number * 5 % 13));

    private EvaluationOutcome Values(double first, double second)
    {
        ImmutableArray<ObjectiveValue> values = [new ObjectiveValue(first, 0), new ObjectiveValue(second, 0)];
        return EvaluationOutcome.Success(values[..Objectives.Length]);
    }
}
