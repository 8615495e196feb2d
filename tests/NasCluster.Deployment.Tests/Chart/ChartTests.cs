using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Chart;

/// <summary>What helm says of the chart.</summary>
public class ChartTests
{
    public static TheoryData<string> Scenarios => Scenario.Names;

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Lint_Strict_FindsNothing(string scenario) =>
        Assert.Contains("1 chart(s) linted, 0 chart(s) failed", DeploymentTools.Helm(["lint", "--strict", ChartFiles.Chart, .. Scenario.All[scenario]]).Succeeded(), StringComparison.Ordinal);

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Template_EveryObject_IsNamedOnceAndInTheReleasesNamespace(string scenario)
    {
        var manifests = RenderedChart.Of(scenario).Manifests;
        Assert.Empty(manifests.GroupBy(m => m.ToString()).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.All(manifests, m => Assert.Equal(RenderedChart.Release, (string?)m.Document["metadata"]!["namespace"]));
        Assert.All(manifests, m => Assert.InRange(m.Name.Length, 1, 63));
    }

    [ToolFact]
    public void Template_AnotherRelease_SharesNoName()
    {
        var one = RenderedChart.Of("cpu").Manifests.Select(m => m.ToString());
        var other = DeploymentTools.Helm(["template", "other", ChartFiles.Chart, "--namespace", "other", .. Scenario.All["cpu"]]).Succeeded();
        Assert.Empty(one.Intersect(YamlDocuments.Read(other).Select(d => new Manifest(d).ToString())));
        Assert.DoesNotContain("nas-cluster-gateway", other, StringComparison.Ordinal);
    }

    /// <summary>Files of dashboards/ at the repository's top are those of the chart, which links to them.</summary>
    [ToolFact]
    public void Template_DashboardsAndRules_AreDeployedAsTheyAre()
    {
        const string dashboard = """{"title": "A {{ search }}", "panels": []}""";
        const string rules = """
            groups:
              - name: silos
                rules:
                  - {alert: Lost, expr: up == 0, annotations: {summary: "{{ $labels.pod }} is lost"}}
            """;
        Assert.Equal(Path.Combine("..", "..", "dashboards"), new DirectoryInfo(Path.Combine(ChartFiles.Chart, "dashboards")).LinkTarget);
        using var chart = new ChartCopy();
        chart.Write("dashboards/search.json", dashboard);
        chart.Write("dashboards/rules/silos.yaml", rules);

        var rendered = YamlDocuments.Read(RenderedChart.Template(chart.Folder, Scenario.All["aks"]).Succeeded()).Select(d => new Manifest(d)).ToList();

        var map = Assert.Single(rendered, m => m.Name == "nas-cluster-dashboard-search");
        Assert.Equal(dashboard, (string?)map.Document["data"]!["search.json"]);
        Assert.Equal("1", (string?)map.Document["metadata"]!["labels"]!["grafana_dashboard"]);
        var rule = Assert.Single(rendered, m => m.Kind == "PrometheusRule" && m.Name == "nas-cluster-silos");
        Assert.Equal("{{ $labels.pod }} is lost", (string?)rule.Spec!["groups"]![0]!["rules"]![0]!["annotations"]!["summary"]);
    }

    [ToolTheory]
    [InlineData("cpu", "search start -f /app/examples/small-world/search.yaml --watch", "State is in Azurite")]
    [InlineData("defaults", "exec -it nas-cluster-console-0")]
    [InlineData("postgresql", "the GPU reserved for each is not used")]
    [InlineData("little", "port-forward service/nas-cluster-gateway 30000", "tls.mode is none")]
    public void Notes_AfterAnInstallation_SayThreeCommands(string scenario, params string[] says)
    {
        // Only an installation writes them, and without a cluster there is only the client's part of one.
        var notes = DeploymentTools.Helm(["install", RenderedChart.Release, ChartFiles.Chart, "--dry-run=client", "--namespace", RenderedChart.Release, .. Scenario.All[scenario]]).Succeeded();
        notes = notes[notes.IndexOf("NOTES:", StringComparison.Ordinal)..];
        Assert.All(says, part => Assert.Contains(part, notes, StringComparison.Ordinal));
        Assert.Equal(3, notes.Split('\n').Count(line => line.StartsWith("  kubectl ", StringComparison.Ordinal) || line.StartsWith("  helm ", StringComparison.Ordinal)));
    }

    [ToolFact]
    public void HelmTest_APod_AsksTheClusterAsClientsDo()
    {
        var pod = Assert.Single(RenderedChart.Of("aks").OfKind("Pod"));
        Assert.Equal("test", (string?)pod.Document["metadata"]!["annotations"]!["helm.sh/hook"]);
        Assert.Equal(["nasctl", "evaluators", "--format", "json"], PodTemplate.Items(pod.Pod!.Containers.Single()["command"]).Select(c => (string)c!));
    }
}
