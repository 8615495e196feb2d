using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Policies;

/// <summary>Who reaches whom in a rendered chart, as Kubernetes' NetworkPolicies say it.</summary>
internal static class Cluster
{
    /// <summary>The workloads whose pods a Service chooses.</summary>
    public static IEnumerable<Manifest> PodsBehind(RenderedChart chart, Manifest service) =>
        chart.Workloads.Where(w => w.Kind != "Job" && w.Pod!.IsChosenBy(new JsonObject { ["matchLabels"] = service.Spec!["selector"]!.DeepClone() }));

    /// <summary>Whether pods may open a connection to a port of others: the ones may leave, the others let in.</summary>
    public static bool Reaches(RenderedChart chart, PodTemplate from, PodTemplate to, int port) =>
        Allows(chart, "Egress", from, to, to, port) && Allows(chart, "Ingress", to, from, to, port);

    /// <summary>The rules of one direction for pods; null when they are free to do anything.</summary>
    public static IReadOnlyList<JsonNode>? Rules(RenderedChart chart, string direction, PodTemplate of)
    {
        var policies = chart.OfKind("NetworkPolicy")
            .Where(p => of.IsChosenBy(p.Spec!["podSelector"]) && PodTemplate.Items(p.Spec["policyTypes"]).Any(t => (string?)t == direction)).ToList();
        return policies.Count == 0 ? null : [.. policies.SelectMany(p => PodTemplate.Items(p.Spec![direction == "Egress" ? "egress" : "ingress"]))];
    }

    /// <summary>Whether a rule is about a port.</summary>
    public static bool Names(JsonNode rule, PodTemplate server, int port) =>
        rule["ports"] is null || PodTemplate.Items(rule["ports"]).Any(p => (server.Port(p["port"]!) ?? (p["port"]!.GetValueKind() == JsonValueKind.Number ? (int)p["port"]! : 0)) == port);

    private static bool Allows(RenderedChart chart, string direction, PodTemplate of, PodTemplate other, PodTemplate server, int port)
    {
        var key = direction == "Egress" ? "to" : "from";
        return Rules(chart, direction, of) is not { } rules
            || rules.Any(rule => Names(rule, server, port)
                && (rule[key] is null || PodTemplate.Items(rule[key]).Any(peer => peer["namespaceSelector"] is null && other.IsChosenBy(peer["podSelector"]))));
    }
}
