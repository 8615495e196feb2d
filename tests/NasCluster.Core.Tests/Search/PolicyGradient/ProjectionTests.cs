using FsCheck;
using FsCheck.Fluent;
using NasCluster.Core.Search.PolicyGradient;

namespace NasCluster.Core.Tests.Search.PolicyGradient;

public class ProjectionTests
{
    private static readonly Gen<(double[] Values, double Kept)> Cases =
        from values in Gen.Choose(-300, 1300).Select(v => v / 1000.0).NonEmptyListOf()
        from share in Gen.Choose(0, 1000)
        select (values.ToArray(), share * values.Count / 1000.0);

    [Fact]
    public void Apply_AnyProbabilities_SubtractsWhatTryingEveryBendFinds() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var (values, kept) = c;
        var expected = ByBends(values, kept);
        var actual = values.ToArray();
        Projection.Apply(actual, kept);

        // The bisection ends within 2^-60 of the shift; the rest is rounding of sums of a hundred values.
        return actual.Zip(expected).All(p => Math.Abs(p.First - p.Second) < 1e-12);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Apply_AnyProbabilities_KeepsNoMoreThanAskedAndTheOrder() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var (values, kept) = c;
        var actual = values.ToArray();
        Projection.Apply(actual, kept);
        var byValue = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Select(i => actual[i]).ToArray();
        return actual.Sum() <= kept + 1e-12 && actual.All(a => a is >= 0 and <= 1) && byValue.Zip(byValue.Skip(1)).All(p => p.First <= p.Second);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Apply_FewerThanAsked_OnlyClips()
    {
        double[] values = [-0.5, 0.25, 1.5];
        Projection.Apply(values, 1.25);
        Assert.Equal([0, 0.25, 1], values);
    }

    [Fact]
    public void Apply_NoneAsked_LeavesNone()
    {
        double[] values = [0.5, 1, 0.001];
        Projection.Apply(values, 0);
        Assert.Equal([0, 0, 0], values);
        Assert.Throws<ArgumentOutOfRangeException>(() => Projection.Apply([0.5], -1));
    }

    /// <summary>The sum of clip(s - v, 0, 1) is linear in v between the points s and s - 1; on the right one of these pieces v is solved for.</summary>
    private static double[] ByBends(double[] values, double kept)
    {
        double SumAt(double v) => values.Sum(s => Math.Clamp(s - v, 0, 1));
        if (SumAt(0) <= kept)
        {
            return [.. values.Select(s => Math.Clamp(s, 0, 1))];
        }

        double[] bends = [0, .. values.SelectMany(s => new[] { s, s - 1 }).Where(b => b > 0).Order()];
        var after = Enumerable.Range(1, bends.Length - 1).First(i => SumAt(bends[i]) <= kept);
        var (left, right) = (bends[after - 1], bends[after]);
        var v = left + ((SumAt(left) - kept) / (SumAt(left) - SumAt(right)) * (right - left));
        return [.. values.Select(s => Math.Clamp(s - v, 0, 1))];
    }
}
