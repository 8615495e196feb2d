using System.Text.Json.Nodes;
using NasCluster.Deployment.Tests.Rendering;
using NasCluster.Testing;

namespace NasCluster.Deployment.Tests.Chart;

/// <summary>Every object against Kubernetes' types, and those of the operators: the server drops a field it does not know without a word.</summary>
public class TypeTests
{
    private static readonly string Script = ChartFiles.At("tests/NasCluster.Deployment.Tests/Tools/check-types.mjs");

    [ToolFact]
    public void Documents_OfEveryScenario_HaveTheirTypes()
    {
        var sets = Scenario.All.Keys.ToDictionary(s => s, s => RenderedChart.Of(s).Manifests.Select(m => m.Document));
        Check(sets).Succeeded();
    }

    [ToolTheory]
    [InlineData("aks", "StatefulSet", "spec.template.spec", "terminationGracePeriodSeconds", "terminationGracePeriodSecond", "kubernetes-types: Object literal may only specify known properties", "kubernetes-models: Object literal")]
    [InlineData("aks", "NetworkPolicy", "spec", "podSelector", "podSelectors", "kubernetes-types: ", "kubernetes-models: ")]
    [InlineData("aks", "PodMonitor", "spec", "podMetricsEndpoints", "podMetricEndpoints", "kubernetes-models: ")]
    [InlineData("aks", "ScaledObject", "spec", "cooldownPeriod", "coolDownPeriod", "kubernetes-models: ")]
    [InlineData("aks", "Certificate", "spec", "isCA", "isCa", "kubernetes-models: ")]
    [InlineData("hpa", "HorizontalPodAutoscaler", "spec", "maxReplicas", "maxReplica", "kubernetes-types: ", "kubernetes-models: ")]
    public void Check_MisspeltField_IsFound(string scenario, string kind, string at, string field, string misspelt, params string[] says) => Found(scenario, kind, at, says, parent =>
    {
        var value = parent[field]!;
        parent.Remove(field);
        parent[misspelt] = value;
    });

    [ToolTheory]
    [InlineData("aks", "StatefulSet", "spec", "replicas", "three", "kubernetes-types: Type 'string' is not assignable to type 'number'", "kubernetes-models: data/spec/replicas must be integer")]
    [InlineData("aks", "ServiceAccount", "", "automountServiceAccountToken", "no", "kubernetes-types: ", "kubernetes-models: ")]
    [InlineData("aks", "ScaledObject", "spec", "minReplicaCount", "1", "kubernetes-models: ")]
    [InlineData("aks", "ConfigMap", "", "data", "text", "kubernetes-types: ", "kubernetes-models: ")]
    public void Check_WrongType_IsFound(string scenario, string kind, string at, string field, string value, params string[] says) =>
        Found(scenario, kind, at, says, parent => parent[field] = value);

    [ToolFact]
    public void Check_UnknownKind_IsFound() => Found("aks", "StatefulSet", "", ["is none that is checked here"], document => document["apiVersion"] = "apps/v1beta1");

    private static void Found(string scenario, string kind, string at, string[] says, Action<JsonObject> plant)
    {
        var document = RenderedChart.Of(scenario).Manifests.First(m => m.Kind == kind && (at == "" || m.Spec is not null)).Document.DeepClone().AsObject();
        plant(at.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(document, (node, key) => node[key]!.AsObject()));
        var result = Check(new Dictionary<string, IEnumerable<JsonObject>> { ["planted"] = [document] });
        Assert.Equal(1, result.ExitCode);
        Assert.All(says, part => Assert.Contains(part, result.Output, StringComparison.Ordinal));
    }

    private static ToolResult Check(IReadOnlyDictionary<string, IEnumerable<JsonObject>> sets)
    {
        using var directory = new TemporaryDirectory();
        var json = new JsonObject(sets.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)new JsonArray([.. s.Value.Select(d => d.DeepClone())]))));
        return DeploymentTools.Node(Script, directory.Write("documents.json", json.ToJsonString()));
    }
}
