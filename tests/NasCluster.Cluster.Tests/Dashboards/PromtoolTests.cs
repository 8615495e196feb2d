using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>The rules as Prometheus' own tool sees them.</summary>
public class PromtoolTests
{
    private static readonly string Rules = Path.Combine(Watching.Folder, "rules");

    [ServerFact(Needs.Prometheus)]
    public Task Rules_Shipped_AreValid() => PrometheusServer.ToolAsync("check", "rules", Path.Combine(Rules, "nascluster.yaml"));

    [ServerFact(Needs.Prometheus)]
    public Task Alerts_InTheirUnitTests_FireWhenTheyShould() => PrometheusServer.ToolAsync("test", "rules", Path.Combine(Rules, "tests", "nascluster.test.yaml"));

    [ServerFact(Needs.Prometheus)]
    public async Task Tool_WrongRule_IsRefused()
    {
        using var directory = new NasCluster.Testing.TemporaryDirectory();
        var file = directory.Write("wrong.yaml", "groups: [{name: a, rules: [{record: b, expr: 'sum by ('}]}]");
        await Assert.ThrowsAsync<InvalidOperationException>(() => PrometheusServer.ToolAsync("check", "rules", file));
    }
}
