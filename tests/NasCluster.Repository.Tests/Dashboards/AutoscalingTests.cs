using System.Text.RegularExpressions;
using NasCluster.Core.Telemetry;
using NasCluster.Testing;

namespace NasCluster.Repository.Tests.Dashboards;

/// <summary>What the chart asks metrics for is there.</summary>
public partial class AutoscalingTests
{
    [Fact]
    public void Autoscaling_Metrics_AreOfTheCatalog()
    {
        var template = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "helm", "nas-cluster", "templates", "autoscaling.yaml"));
        var asked = Metric().Matches(template).Select(m => m.Value).Distinct().ToArray();

        Assert.Equal([MetricCatalog.EvaluatorsWanted.PrometheusName], asked);
    }

    [GeneratedRegex("nascluster_[a-z_]+")]
    private static partial Regex Metric();
}
