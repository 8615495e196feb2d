using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Policies;

/// <summary>What one object says of another is true.</summary>
public partial class ReferencePolicyTests
{
    /// <summary>What scenarios take as given: made by people, by cert-manager or by a claim that was there.</summary>
    private static readonly string[] Given =
        ["nas-cluster-storage", "nas-cluster-postgresql", "nas-cluster-postgresql-admin", "silos", "clients", "models", "registry", "nas-cluster-silos-tls", "nas-cluster-clients-tls"];

    public static TheoryData<string> Scenarios => Scenario.Names;

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Selectors_EachOne_ChoosesPods(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        foreach (var workload in chart.OfKind("StatefulSet"))
        {
            Assert.Equal([workload], chart.OfKind("StatefulSet").Where(m => m.Pod!.IsChosenBy(workload.Spec!["selector"])));
            Assert.All(PodTemplate.Items(workload.Pod!.Spec["topologySpreadConstraints"]), c => Assert.True(workload.Pod.IsChosenBy(c["labelSelector"])));
        }

        foreach (var budget in chart.OfKind("PodDisruptionBudget"))
        {
            Assert.Equal(budget.Name, Assert.Single(chart.Workloads, w => w.Pod!.IsChosenBy(budget.Spec!["selector"])).Name);
        }

        Assert.All(chart.OfKind("PodMonitor"), monitor => Assert.Equal(
            ["nas-cluster-controller", "nas-cluster-evaluator"], chart.Workloads.Where(w => w.Pod!.IsChosenBy(monitor.Spec!["selector"])).Select(w => w.Name).Order()));
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Services_Ports_AreThoseOfTheirPods(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        foreach (var service in chart.OfKind("Service"))
        {
            var pods = Cluster.PodsBehind(chart, service).ToList();
            Assert.NotEmpty(pods);
            Assert.All(PodTemplate.Items(service.Spec!["ports"]), port => Assert.All(pods, pod => Assert.Equal((int?)port["port"], pod.Pod!.Port(port["targetPort"]!))));
        }
    }

    /// <summary>Probes ask for what the silo serves, and where it serves it.</summary>
    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Probes_PathAndPort_AreServed(string scenario)
    {
        var served = Regex.Matches(ChartFiles.Read("src/NasCluster.Silo/Health/HealthEndpoints.cs"), "const string \\w+Path = \"(?<path>[^\"]+)\"").Select(m => m.Groups["path"].Value).ToList();
        Assert.Equal(["/health/live", "/health/ready"], served.Order());
        foreach (var workload in RenderedChart.Of(scenario).OfKind("StatefulSet").Where(w => w.Name != "nas-cluster-console"))
        {
            var container = Assert.Single(workload.Pod!.Containers);
            foreach (var kind in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                var probe = container[kind]!;
                Assert.NotNull(workload.Pod.Port((probe["httpGet"] ?? probe["tcpSocket"])!["port"]!));
                if (probe["httpGet"] is { } get)
                {
                    Assert.Equal(kind == "readinessProbe" ? "/health/ready" : "/health/live", (string?)get["path"]);
                    Assert.Contains((string?)get["path"], served);
                }
            }
        }
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Names_Referenced_AreThere(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        var names = chart.Manifests.Select(m => m.Name).Concat(Given).ToHashSet();
        foreach (var pod in chart.Workloads.Select(w => w.Pod!))
        {
            Assert.Contains(chart.OfKind("ServiceAccount"), a => a.Name == (string?)pod.Spec["serviceAccountName"]);
            Assert.All(
                from name in Mentioned(pod.Spec, ["configMapRef", "secretKeyRef", "configMap"], "name").Concat(Mentioned(pod.Spec, ["persistentVolumeClaim"], "claimName"))
                    .Concat(Mentioned(pod.Spec, ["secret"], "secretName"))
                select name,
                name => Assert.Contains(name, names));
        }

        Assert.All(chart.OfKind("RoleBinding"), binding => Assert.Contains(chart.OfKind("Role"), role => role.Name == (string?)binding.Document["roleRef"]!["name"]));
        Assert.All(
            chart.Manifests.Where(m => m.Kind is "ScaledObject" or "HorizontalPodAutoscaler"),
            m => Assert.Null(chart.Get("StatefulSet", (string)m.Spec!["scaleTargetRef"]!["name"]!).Spec!["replicas"]));
    }

    /// <summary>Nobody gets a token, and the only role there is opens one pod.</summary>
    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Roles_Rights_AreThoseOfTheConsole(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        Assert.All(chart.OfKind("ServiceAccount"), a => Assert.False((bool)a.Document["automountServiceAccountToken"]!));
        Assert.DoesNotContain(chart.Manifests, m => m.Kind is "ClusterRole" or "ClusterRoleBinding");
        var rules = chart.OfKind("Role").SelectMany(r => PodTemplate.Items(r.Document["rules"])).ToList();
        Assert.Equal(scenario == "given certificates" ? 2 : 0, rules.Count);
        Assert.All(rules, rule => Assert.Equal(["nas-cluster-console-0"], PodTemplate.Items(rule["resourceNames"]).Select(n => (string)n!)));
        Assert.DoesNotContain(rules.SelectMany(r => PodTemplate.Items(r["verbs"]).Concat(PodTemplate.Items(r["resources"]))), v => (string?)v == "*");
    }

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Secrets_Anywhere_AreOnlyReferredTo(string scenario)
    {
        var chart = RenderedChart.Of(scenario);
        var others = string.Join('\n', chart.Manifests.Where(m => m.Kind != "Secret").Select(m => m.Document.ToJsonString()));
        Assert.DoesNotMatch(SecretText(), others);
        Assert.All(
            from pod in chart.Workloads
            from container in pod.Pod!.Containers
            from variable in PodTemplate.Items(container["env"])
            where SecretName().IsMatch((string)variable["name"]!)
            select variable,
            variable => Assert.NotNull(variable["valueFrom"]!["secretKeyRef"]));

        // The one Secret of the chart holds what Microsoft has published.
        Assert.All(chart.OfKind("Secret"), secret => Assert.Contains("AccountName=devstoreaccount1;", (string?)secret.Document["stringData"]!["connection-string"], StringComparison.Ordinal));
    }

    private static IEnumerable<string> Mentioned(JsonNode node, string[] under, string key) => node switch
    {
        JsonObject map => map.SelectMany(p => under.Contains(p.Key) && p.Value is JsonObject found && found[key] is { } name
            ? [(string)name!] : p.Value is null ? [] : Mentioned(p.Value, under, key)),
        JsonArray list => list.SelectMany(i => i is null ? [] : Mentioned(i, under, key)),
        _ => [],
    };

    [GeneratedRegex("AccountKey=|SharedAccessSignature=|[Pp]assword=|PRIVATE KEY|sv=20\\d\\d")]
    private static partial Regex SecretText();

    [GeneratedRegex("(?i)connectionstring|password|secret|accountkey")]
    private static partial Regex SecretName();
}
