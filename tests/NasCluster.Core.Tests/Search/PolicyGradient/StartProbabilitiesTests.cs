using FsCheck;
using FsCheck.Fluent;
using NasCluster.Core.Search.PolicyGradient;

namespace NasCluster.Core.Tests.Search.PolicyGradient;

public sealed class StartProbabilitiesTests
{
    [Fact]
    public void FromImportance_AnyImportance_HasTheMeanAskedForAndItsOrder()
    {
        var cases =
            from values in Gen.Choose(-1000, 1000).Select(v => Math.Pow(1.02, v)).NonEmptyListOf()
            from keep in Gen.Choose(1, 99)
            select (Values: values.ToArray(), Keep: keep / 100.0);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var probabilities = StartProbabilities.FromImportance(c.Values, c.Keep);
            var ordered = Enumerable.Range(0, c.Values.Length).OrderBy(i => c.Values[i]).Select(i => probabilities[i]).ToArray();
            return Math.Abs(probabilities.Average() - c.Keep) < 1e-12 && ordered.Zip(ordered.Skip(1)).All(p => p.First <= p.Second) && ordered.All(p => p is > 0 and < 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void FromImportance_TwoValues_AreSigmoidsOfTheirStandardScores()
    {
        // Standard scores -1 and 1 around a mean of a half: no shift.
        var probabilities = StartProbabilities.FromImportance([3, 7], 0.5);
        Assert.Equal(1 / (1 + Math.E), probabilities[0], 1e-12);
        Assert.Equal(Math.E / (1 + Math.E), probabilities[1], 1e-12);
    }

    [Fact]
    public void FromImportance_EqualValuesAndEnds_AreTheRate()
    {
        Assert.All(StartProbabilities.FromImportance([0.1, 0.1, 0.1], 0.3), p => Assert.Equal(0.3, p, 1e-12));
        Assert.Equal([1.0, 1.0], StartProbabilities.FromImportance([1, 2], 1).AsEnumerable());
        Assert.Equal([0.0, 0.0], StartProbabilities.FromImportance([1, 2], 0).AsEnumerable());
        Assert.Empty(StartProbabilities.FromImportance([], 0.5));
        Assert.Throws<ArgumentException>(() => StartProbabilities.FromImportance([1, double.PositiveInfinity], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => StartProbabilities.FromImportance([1], double.NaN));
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    [InlineData(1e-310)]
    public void FromImportance_ExtremeUnits_AreAsInAnyOther(double unit)
    {
        // Squares of these are no numbers; units of less than 2^-1022 have fewer digits, so the tolerance is theirs.
        var expected = StartProbabilities.FromImportance([1, 2, 5, 9], 0.4);
        Assert.All(StartProbabilities.FromImportance([unit, 2 * unit, 5 * unit, 9 * unit], 0.4).Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-9));
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(0.9999)]
    public void FromImportance_ExtremeShares_AreTheMean(double keep) =>
        Assert.Equal(keep, StartProbabilities.FromImportance([0, 0, 0, 0, 0, 1e6], keep).Average(), 1e-12);
}
