using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Policies;

/// <summary>What no pod may do, and what every pod must have.</summary>
public partial class PodPolicyTests
{
    public static TheoryData<string> Scenarios => Scenario.Names;

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Pods_User_IsNobodyInParticular(string scenario) => Each(scenario, (_, pod) =>
    {
        var security = pod.Spec["securityContext"]!;
        Assert.True((bool)security["runAsNonRoot"]!);
        Assert.InRange((int)security["runAsUser"]!, 1000, 65535);
        Assert.InRange((int)security["runAsGroup"]!, 1000, 65535);
        Assert.Equal("RuntimeDefault", (string?)security["seccompProfile"]!["type"]);
    });

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Pods_Node_IsOutOfReach(string scenario) => Each(scenario, (_, pod) =>
    {
        Assert.False((bool)pod.Spec["automountServiceAccountToken"]!);
        Assert.False((bool)pod.Spec["enableServiceLinks"]!);
        Assert.All(["hostNetwork", "hostPID", "hostIPC"], key => Assert.Null(pod.Spec[key]));
        Assert.All(pod.Volumes, volume => Assert.Null(volume["hostPath"]));
        Assert.All(pod.Containers.SelectMany(c => PodTemplate.Items(c["ports"])), port => Assert.Null(port["hostPort"]));
    });

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Containers_Rights_AreNone(string scenario) => EachContainer(scenario, (_, container) =>
    {
        var security = container["securityContext"]!;
        Assert.False((bool)security["allowPrivilegeEscalation"]!);
        Assert.True((bool)security["readOnlyRootFilesystem"]!);
        Assert.True((bool)security["runAsNonRoot"]!);
        Assert.Null(security["privileged"]);
        Assert.Null(security["capabilities"]!["add"]);
        Assert.Equal(["ALL"], PodTemplate.Items(security["capabilities"]!["drop"]).Select(c => (string)c!));
    });

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Containers_Resources_AreAskedForAndLimited(string scenario) => EachContainer(scenario, (pod, container) =>
    {
        foreach (var (kind, resource) in from kind in new[] { "requests", "limits" } from resource in new[] { "cpu", "memory" } select (kind, resource))
        {
            Assert.False(string.IsNullOrEmpty(container["resources"]![kind]![resource]?.ToString()), $"{kind}.{resource}");
        }

        // A volume of the node takes its disk from others.
        Assert.All(pod.Volumes.Select(v => v["emptyDir"]).OfType<JsonNode>(), empty => Assert.NotNull(empty["sizeLimit"]));
    });

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Containers_Image_IsOneVersion(string scenario) => EachContainer(scenario, (_, container) =>
    {
        var image = (string)container["image"]!;
        Assert.Matches(PinnedImage(), image);
        Assert.DoesNotMatch(":latest$", image);
    });

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Containers_Mounts_AreVolumesOfTheirPod(string scenario) => Each(scenario, (manifest, pod) =>
    {
        var volumes = pod.Volumes.Concat(PodTemplate.Items(manifest.Spec!["volumeClaimTemplates"]).Select(t => t["metadata"]!)).Select(v => (string)v["name"]!).ToList();
        Assert.Equal(volumes.Distinct(), volumes);
        var mounted = pod.Containers.SelectMany(c => PodTemplate.Items(c["volumeMounts"])).Select(m => (string)m["name"]!).Distinct();
        Assert.Equal(volumes.Order(), mounted.Order());
    });

    [ToolTheory]
    [MemberData(nameof(Scenarios))]
    public void Evaluators_Gpus_AreAskedForAsValuesSay(string scenario)
    {
        var resources = Assert.Single(RenderedChart.Of(scenario).Get("StatefulSet", "nas-cluster-evaluator").Pod!.Containers)["resources"]!;
        var expected = Scenario.All[scenario].Any(a => a.EndsWith("values-cpu.yaml", StringComparison.Ordinal)) ? null
            : Scenario.All[scenario].FirstOrDefault(a => a.StartsWith("evaluator.gpu.count=", StringComparison.Ordinal))?.Split('=')[1] ?? "1";
        Assert.Equal(expected, (string?)resources["limits"]!["nvidia.com/gpu"]);
        Assert.Equal(expected, (string?)resources["requests"]!["nvidia.com/gpu"]);
        Assert.Null(Assert.Single(RenderedChart.Of(scenario).Get("StatefulSet", "nas-cluster-controller").Pod!.Containers)["resources"]!["limits"]!["nvidia.com/gpu"]);
    }

    private static void Each(string scenario, Action<Manifest, PodTemplate> check)
    {
        var workloads = RenderedChart.Of(scenario).Workloads.ToList();
        Assert.True(workloads.Count >= 3);
        Assert.All(workloads, manifest => check(manifest, manifest.Pod!));
    }

    private static void EachContainer(string scenario, Action<PodTemplate, JsonNode> check) =>
        Each(scenario, (_, pod) => Assert.All(pod.Containers, container => check(pod, container)));

    [GeneratedRegex(@"^[a-z0-9./-]+(:[A-Za-z0-9._-]+|@sha256:[a-f0-9]{64})$")]
    private static partial Regex PinnedImage();
}
