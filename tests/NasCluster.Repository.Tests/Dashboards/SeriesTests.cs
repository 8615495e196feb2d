using NasCluster.Core.Telemetry;

namespace NasCluster.Repository.Tests.Dashboards;

/// <summary>Dashboards and rules read nothing that no silo serves: such a panel is empty, such an alert never fires, and nobody notices.</summary>
public class SeriesTests
{
    private static readonly (string Where, string Expression)[] Expressions =
        [.. DashboardFile.All.SelectMany(d => d.Expressions), .. RuleFile.Rules.Select(r => (r.ToString(), r.Expression))];

    [Fact]
    public void Expressions_OfDashboardsAndRules_ReadWhatIsServed()
    {
        Assert.True(Expressions.Length > 50, $"Only {Expressions.Length} expressions were found.");
        Assert.Empty(Expressions.SelectMany(e => Problems(e.Where, e.Expression)));
    }

    /// <summary>A metric that is on no dashboard and in no rule has been forgotten there.</summary>
    [Fact]
    public void Metrics_OfTheCatalog_AreAllRead()
    {
        var read = Expressions.SelectMany(e => PromQl.Series(e.Expression)).ToHashSet();
        var forgotten = MetricCatalog.All.Where(metric => !ServedSeries.Of(metric).Any(read.Contains)).Select(m => m.Name);
        Assert.Empty(forgotten);
    }

    [Fact]
    public void RecordedSeries_OfRules_AreAllReadAndRecordedBefore()
    {
        var read = Expressions.SelectMany(e => PromQl.Series(e.Expression)).ToHashSet();
        Assert.Empty(RuleFile.Recorded.Except(read));
        for (var i = 0; i < RuleFile.Rules.Count; i++)
        {
            // Rules of a group are evaluated in their order; one that reads a later one lags by an evaluation.
            var before = RuleFile.Rules.Take(i).Select(r => r.Record).OfType<string>().ToHashSet();
            var recorded = PromQl.Series(RuleFile.Rules[i].Expression).Where(s => s.Contains(':', StringComparison.Ordinal)).ToHashSet();
            Assert.Subset(before, recorded);
        }
    }

    [Theory]
    [InlineData("rate(nascluster_evaluation_total[5m])", "nascluster_evaluation_total")]
    [InlineData("nascluster_device_memory", "nascluster_device_memory")]
    [InlineData("rate(nascluster_evaluations[5m])", "nascluster_evaluations")]
    [InlineData("nascluster_storage_duration_seconds", "nascluster_storage_duration_seconds")]
    [InlineData("nascluster_search_best_bucket", "nascluster_search_best_bucket")]
    [InlineData("nascluster:evaluators:counts == 0", "nascluster:evaluators:counts")]
    [InlineData("orleans_consistent_ring_sizes", "orleans_consistent_ring_sizes")]
    [InlineData("nascluster.retries", "nascluster")]
    public void Problems_MisspeltName_AreFound(string expression, string name) =>
        Assert.Equal([$"here: reads '{name}', which no silo serves and no rule records."], Problems("here", expression).Take(1));

    private static IEnumerable<string> Problems(string where, string expression)
    {
        var series = PromQl.Series(expression);
        return series.Count == 0
            ? [$"{where}: reads nothing."]
            : series.Where(s => !ServedSeries.All.Contains(s) && !RuleFile.Recorded.Contains(s)).Select(s => $"{where}: reads '{s}', which no silo serves and no rule records.");
    }
}
