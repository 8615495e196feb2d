using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Policies;

/// <summary>Only silos, clients and the scraper reach silos.</summary>
public class NetworkPolicyTests
{
    private const int Silo = 11111;
    private const int Gateway = 30000;
    private const int Http = 8080;
    private const int Blobs = 10000;
    private const int Tables = 10002;

    public static TheoryData<string> Scenarios => [.. Scenario.All.Keys.Where(s => s != "little")];

    [ToolTheory]
    [InlineData("controller", "evaluator", Silo, true)]
    [InlineData("evaluator", "controller", Silo, true)]
    [InlineData("controller", "controller", Silo, true)]
    [InlineData("controller", "evaluator", Gateway, false)]
    [InlineData("evaluator", "controller", Http, false)]
    [InlineData("console", "controller", Gateway, true)]
    [InlineData("console", "evaluator", Gateway, false)]
    [InlineData("console", "controller", Silo, false)]
    [InlineData("console", "controller", Http, false)]
    [InlineData("test-reach", "controller", Gateway, true)]
    [InlineData("test-reach", "controller", Silo, false)]
    [InlineData("controller", "azurite", Blobs, true)]
    [InlineData("evaluator", "azurite", Tables, true)]
    [InlineData("console", "azurite", Blobs, false)]
    [InlineData("azurite", "controller", Silo, false)]
    [InlineData("azurite", "console", 80, false)]
    [InlineData("controller", "console", 80, false)]
    public void Policies_BetweenPods_AllowWhatIsNeededOnly(string from, string to, int port, bool allowed)
    {
        var chart = RenderedChart.Of("cpu");
        Assert.Equal(allowed, Cluster.Reaches(chart, Pod(chart, from), Pod(chart, to), port));
    }

    [ToolFact]
    public void Policies_FineTuning_ReachesNobodyAndIsReachedByNobody()
    {
        var chart = RenderedChart.Of("fine-tuning on one machine");
        var job = Assert.Single(chart.OfKind("Job")).Pod!;
        Assert.Empty(Cluster.Rules(chart, "Egress", job)!);
        Assert.Empty(Cluster.Rules(chart, "Ingress", job)!);
    }

    /// <summary>With the policies on, nothing of the release is outside of them.</summary>
    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Policies_EveryPod_IsUnderThem(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        Assert.All(chart.Workloads, w => Assert.All(["Ingress", "Egress"], direction => Assert.NotNull(Cluster.Rules(chart, direction, w.Pod!))));
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Policies_EveryServicePort_LetsSomebodyIn(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        foreach (var (service, port) in from service in chart.OfKind("Service") from port in PodTemplate.Items(service.Spec!["ports"]) select (service, (int)port["port"]!))
        {
            var admitted = Cluster.PodsBehind(chart, service)
                .Any(to => Cluster.Rules(chart, "Ingress", to.Pod!)!.Any(rule => rule["ports"] is not null && Cluster.Names(rule, to.Pod!, port) && PodTemplate.Items(rule["from"]).Any()));
            Assert.True(admitted, $"{service}: no policy lets anybody in at {port}.");
        }
    }

    [ToolTheory]
    [InlineData("defaults", "controller", 443)]
    [InlineData("aks", "evaluator", 443)]
    [InlineData("postgresql", "controller", 5432)]
    [InlineData("postgresql", "evaluator", 5432)]
    [InlineData("tables and postgresql", "controller", 443)]
    [InlineData("tables and postgresql", "controller", 5432)]
    [InlineData("hpa", "evaluator", 443)]
    public void Policies_Silos_ReachStorage(string scenario, string from, int port) => Assert.Contains(Leaving(scenario, from), rule => rule["to"] is null && Ports(rule).Contains(port));

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Policies_WhoeverCallsByName_ReachesDns(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        Assert.All(
            chart.Workloads.Where(w => w.Kind != "Job" && w.Name != "nas-cluster-azurite"),
            w => Assert.Contains(Cluster.Rules(chart, "Egress", w.Pod!)!, rule => Ports(rule).SequenceEqual([53, 53])));
    }

    [ToolFact]
    public void Policies_Traces_ReachTheCollectorOnly()
    {
        var rule = Assert.Single(Leaving("hpa", "controller"), r => r["to"]?[0]?["namespaceSelector"]?["matchLabels"]?["a"] is not null);
        Assert.Equal([443], Ports(rule));
    }

    [ToolFact]
    public void Policies_Metrics_AreForTheScraperOnly()
    {
        var chart = RenderedChart.Of("aks");
        var rule = Assert.Single(Cluster.Rules(chart, "Ingress", Pod(chart, "controller"))!, r => Cluster.Names(r, Pod(chart, "controller"), Http));
        Assert.Equal("monitoring", (string?)Assert.Single(PodTemplate.Items(rule["from"]))["namespaceSelector"]!["matchLabels"]!["kubernetes.io/metadata.name"]);
    }

    private static IReadOnlyList<JsonNode> Leaving(string scenario, string from)
    {
        var chart = RenderedChart.Of(scenario);
        return Cluster.Rules(chart, "Egress", Pod(chart, from))!;
    }

    private static IEnumerable<int> Ports(JsonNode rule) =>
        PodTemplate.Items(rule["ports"]).Select(p => p["port"]).Where(p => p!.GetValueKind() == JsonValueKind.Number).Select(p => (int)p!);

    private static PodTemplate Pod(RenderedChart chart, string name) => Assert.Single(chart.Workloads, w => w.Name == $"nas-cluster-{name}").Pod!;
}
