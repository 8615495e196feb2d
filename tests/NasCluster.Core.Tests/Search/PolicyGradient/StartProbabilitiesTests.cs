using FsCheck;
using FsCheck.Fluent;
using NasCluster.Llama.Pruning;

namespace NasCluster.Llama.Tests.Pruning;

public sealed class StartProbabilitiesTests
{
    [Fact]
    public void Of_AnyImportance_HasTheMeanAskedForAndItsOrder()
    {
        var cases =
            from values in Gen.Choose(-1000, 1000).Select(v => Math.Pow(1.02, v)).NonEmptyListOf()
            from keep in Gen.Choose(1, 99)
            select (Values: values.ToArray(), Keep: keep / 100.0);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var probabilities = StartProbabilities.Of(c.Values, c.Keep);
            var ordered = Enumerable.Range(0, c.Values.Length).OrderBy(i => c.Values[i]).Select(i => probabilities[i]).ToArray();
            return Math.Abs(probabilities.Average() - c.Keep) < 1e-12 && ordered.Zip(ordered.Skip(1)).All(p => p.First <= p.Second) && ordered.All(p => p is > 0 and < 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Of_TwoValues_AreSigmoidsOfTheirStandardScores()
    {
        // Standard scores -1 and 1 around a mean of a half: no shift.
        var probabilities = StartProbabilities.Of([3, 7], 0.5);
        Assert.Equal(1 / (1 + Math.E), probabilities[0], 1e-12);
        Assert.Equal(Math.E / (1 + Math.E), probabilities[1], 1e-12);
    }

    [Fact]
    public void Of_EqualValuesAndEnds_AreTheRate()
    {
        Assert.All(StartProbabilities.Of([0.1, 0.1, 0.1], 0.3), p => Assert.Equal(0.3, p, 1e-12));
        Assert.Equal([1.0, 1.0], StartProbabilities.Of([1, 2], 1).AsEnumerable());
        Assert.Equal([0.0, 0.0], StartProbabilities.Of([1, 2], 0).AsEnumerable());
        Assert.Empty(StartProbabilities.Of([], 0.5));
        Assert.Throws<ArgumentException>(() => StartProbabilities.Of([1, double.PositiveInfinity], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => StartProbabilities.Of([1], double.NaN));
    }
}
