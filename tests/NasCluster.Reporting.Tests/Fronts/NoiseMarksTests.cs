using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class NoiseMarksTests
{
    private static readonly ImmutableArray<Objective> Two = [Reports.Perplexity, Reports.Parameters];

    // Errors of 3 and 4 combine to 5, so the line is at 10.
    [Theory]
    [InlineData(9.999, true)]
    [InlineData(10, false)]
    [InlineData(10.001, false)]
    public void Of_TwoPoints_MarksBothBelowTwoCombinedErrors(double difference, bool marked)
    {
        var marks = NoiseMarks.Of(Two, [Reports.Row(0, 100, 3, 2, true), Reports.Row(1, 100 + difference, 4, 1, true)]);
        Assert.Equal(marked ? [new TrialId(0), new TrialId(1)] : [], marks.Keys);
        Assert.All(marks.Values, objectives => Assert.Equal(0, Assert.Single(objectives)));
    }

    [Fact]
    public void Of_OnlyNeighbours_AreCompared()
    {
        // The outer two are within the middle one's wide noise, not within each other's.
        var marks = NoiseMarks.Of(Two, [Reports.Row(0, 10, 0.1, 3, true), Reports.Row(1, 12, 5, 2, true), Reports.Row(2, 14, 0.1, 1, true)]);
        Assert.Equal(3, marks.Count);
        Assert.Empty(NoiseMarks.Of(Two, [Reports.Row(0, 10, 0.1, 3, true), Reports.Row(2, 14, 0.1, 1, true)]));
    }

    [Fact]
    public void Of_AnalyticObjective_IsNeverMarked() =>
        Assert.Empty(NoiseMarks.Of([Reports.Parameters], [Reports.Row(0, 10, 5, 3, true), Reports.Row(1, 11, 5, 2, true)]));

    [Fact]
    public void Of_ExactValues_AreNeverMarked() => Assert.Empty(NoiseMarks.Of(Two, [Reports.Row(0, 10, 0, 3, true), Reports.Row(1, 10, 0, 2, true)]));

    [Fact]
    public void Of_SeveralObjectives_ListsEachOne()
    {
        ImmutableArray<Objective> objectives = [Reports.Perplexity, Reports.Speed, Reports.Parameters];
        var first = Reports.Row(0, 10, 5, 0, true) with { Values = [new(10, 5), new(100, 9), new(2, 0)] };
        var second = first with { Trial = new TrialId(1), Values = [new(11, 5), new(101, 9), new(1, 0)] };
        Assert.Equal([0, 1], NoiseMarks.Of(objectives, [first, second])[new TrialId(1)].AsEnumerable());
    }
}
