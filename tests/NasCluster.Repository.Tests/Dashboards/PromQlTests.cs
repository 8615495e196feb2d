namespace NasCluster.Repository.Tests.Dashboards;

public class PromQlTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("""sum by (job, le) (rate(a_total{x="y(z)", w=~"b|c"}[5m])) / on (job) group_left (x) b:c:rate5m""", "a_total", "b:c:rate5m")]
    [InlineData("a offset 1h or b unless c and ignoring(d) e * 0", "a", "b", "c", "e")]
    [InlineData("histogram_quantile(0.99, sum(rate(a_bucket[$__rate_interval])) by (le)) > bool 1e3", "a_bucket")]
    [InlineData("""label_replace(a, "d", "$1", 'e', "(f)")""", "a")]
    [InlineData("max_over_time(a[1h:5m]) == Inf", "a")]
    public void Series_Expression_AreThoseItReads(string expression, params string[] series) =>
        Assert.Equal(series, PromQl.Series(expression).Order(StringComparer.Ordinal));
}
