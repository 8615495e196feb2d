using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every <see cref="IEvaluationCache"/> that outlives its process must do; each implementation derives its tests from this.</summary>
public abstract class EvaluationCacheContract
{
    /// <summary>An outcome whose bits are easily lost.</summary>
    protected static EvaluationOutcome Outcome { get; } = EvaluationOutcome.Success([new(-0.0, 0), new(1.0 / 3, 1e-300)], 0.25);

    /// <summary>A new cache; each test asks once.</summary>
    protected abstract IEvaluationCache New();

    /// <summary>The same cache after a clean close, in another object.</summary>
    protected abstract IEvaluationCache Reopen(IEvaluationCache cache);

    [Fact]
    public void Find_NewCache_FindsNothing() => Assert.Empty(New().Find([new("a")]));

    [Theory]
    [InlineData("a")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("ünïcode 🦙")]
    public void Find_RememberedByAnotherProcessBefore_GivesTheSameBits(string key)
    {
        var writer = New();
        writer.Remember([Record(key, Outcome)]);
        var cache = Reopen(writer);

        var found = cache.Find([new(key), new("b")]);

        Assert.Equal([new EvaluationKey(key)], found.Keys);
        Assert.Equal(
            Outcome.Values.Select(v => (BitConverter.DoubleToInt64Bits(v.Value), BitConverter.DoubleToInt64Bits(v.StandardError))),
            found[new(key)].Values.Select(v => (BitConverter.DoubleToInt64Bits(v.Value), BitConverter.DoubleToInt64Bits(v.StandardError))));
        Assert.Equal(0.25, found[new(key)].ConstraintViolation);
    }

    [Fact]
    public void Remember_FailedParkedOrRemembered_IsPassedOver()
    {
        var cache = New();

        cache.Remember(
        [
            Record("failed", EvaluationOutcome.Failed("no")), Record("parked", EvaluationOutcome.Failed("no"), OutcomeSource.Parked),
            Record("remembered", Outcome, OutcomeSource.Remembered),
        ]);

        Assert.Empty(cache.Find([new("failed"), new("parked"), new("remembered")]));
        Assert.Empty(Reopen(cache).Find([new("failed"), new("parked"), new("remembered")]));
    }

    [Fact]
    public void Remember_SecondOutcomeForAKey_FirstStays()
    {
        var cache = New();
        cache.Remember([Record("a", Outcome), Record("a", EvaluationOutcome.Success([new(5, 0), new(6, 0)]))]);
        cache.Remember([Record("a", EvaluationOutcome.Success([new(7, 0), new(8, 0)]))]);
        Assert.Equal(Outcome, cache.Find([new("a")])[new("a")]);

        var later = Reopen(cache);
        later.Remember([Record("a", EvaluationOutcome.Success([new(7, 0), new(8, 0)]))]);

        Assert.Equal(Outcome, later.Find([new("a")])[new("a")]);
    }

    [Fact]
    public void Find_ManyRememberedInManyCalls_FindsEach()
    {
        var cache = New();
        var keys = Enumerable.Range(0, 500).Select(i => new EvaluationKey($"{i}")).ToArray();
        foreach (var some in keys.Chunk(7))
        {
            cache.Remember([.. some.Select(key => Record(key.Value, Of(key)))]);
        }

        Assert.Equal(keys.Select(Of), keys.Select(key => cache.Find(keys)[key]));
        var later = Reopen(cache).Find(keys);
        Assert.Equal(keys.Select(Of), keys.Select(key => later[key]));

        static EvaluationOutcome Of(EvaluationKey key) => EvaluationOutcome.Success([new(int.Parse(key.Value, System.Globalization.CultureInfo.InvariantCulture) / 3.0, 0)]);
    }

    /// <summary>A record of a log.</summary>
    protected static OutcomeRecord Record(string key, EvaluationOutcome outcome, OutcomeSource source = OutcomeSource.Evaluated) =>
        new(0, new Trial(new TrialId(0), new Genome([0])), new EvaluationKey(key), outcome, source, DateTimeOffset.UnixEpoch);
}
