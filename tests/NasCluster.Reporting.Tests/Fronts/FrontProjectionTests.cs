using NasCluster.Core.Search;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests.Fronts;

public class FrontProjectionTests
{
    private static readonly Objective Recall = new("recall", ObjectiveDirection.Maximise, ObjectiveKind.Scored);
    private static readonly Objective Ordering = new("ordering", ObjectiveDirection.Maximise, ObjectiveKind.Scored);

    /// <summary>Trials 1 to 3 are on the front of three objectives; trial 4 is behind 1 in all.</summary>
    internal static FrontReport ThreeObjectives { get; } = Reports.Small with
    {
        Objectives = [Recall, Ordering, Reports.Parameters],
        Rows = [Row(1, 0.9, 0.6, 300, true), Row(2, 0.8, 0.7, 250, true), Row(3, 0.7, 0.5, 200, true), Row(4, 0.85, 0.55, 310, false), Row(5, 0.8, 0.9, 320, true)],
        Baseline = null,
        ReferencePoint = [0.2, 0.2, 400],
    };

    [Fact]
    public void Of_ThreeObjectives_IsOneFrontForEachScoredOneAgainstTheCost()
    {
        var projections = FrontProjection.Of(ThreeObjectives);

        Assert.Equal(["recall", "ordering"], projections.Select(p => p.Objectives[0].Name));
        Assert.All(projections, p => Assert.Equal("parameters", p.Objectives[1].Name));

        // Trial 5 is dear, and worse at recall than cheaper ones; at ordering it is the best.
        Assert.Equal([1L, 2L, 3L], projections[0].Front.Select(r => r.Trial.Value));
        Assert.Equal([5L, 2L, 3L], projections[1].Front.Select(r => r.Trial.Value));
        Assert.All(projections, p => Assert.Equal(5, p.Rows.Length));
        Assert.Equal(new ObjectiveValue(0.6, 0.01), projections[1].Rows[0].ReportValues[0]);
        Assert.All(projections, p => Assert.True(p.History.IsEmpty && p.Hypervolume is null && p.ReferencePoint.IsEmpty));
    }

    [Fact]
    public void Of_TwoObjectivesOrOneKind_IsTheReportItself()
    {
        Assert.Same(Reports.Small, Assert.Single(FrontProjection.Of(Reports.Small)));
        var scoredOnly = ThreeObjectives with { Objectives = [Recall, Ordering, new("place", ObjectiveDirection.Maximise, ObjectiveKind.Scored)] };
        Assert.Same(scoredOnly, Assert.Single(FrontProjection.Of(scoredOnly)));
    }

    private static FrontRow Row(long trial, double recall, double ordering, double parameters, bool onFront) =>
        new(new TrialId(trial), "", null, [new(recall, 0.02), new(ordering, 0.02), new(parameters, 0)], onFront)
        {
            ReportValues = [new(recall, 0.01), new(ordering, 0.01), new(parameters, 0)],
        };
}
