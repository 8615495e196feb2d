using System.Text.Json.Nodes;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Kustomize;

/// <summary>Plain manifests deploy what the chart does.</summary>
public class ManifestsTests
{
    public static TheoryData<string> Overlays => [.. Manifests.Overlays.Keys];

    [ToolFact]
    public void Files_InTheRepository_AreThoseMadeOfTheChart()
    {
        var files = Manifests.Files();
        Assert.All(files, file => GeneratedFile.Matches(file.Key, file.Value));
        var there = Directory.EnumerateFiles(ChartFiles.At("k8s"), "*.yaml", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(ChartFiles.At("."), path).Replace('\\', '/'));
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
    }

    [ToolTheory]
    [MemberData(nameof(Overlays))]
    public void Kustomize_Overlay_EqualsTheChartsOutput(string overlay)
    {
        var kustomized = ByName(YamlDocuments.Read(DeploymentTools.Kubectl("kustomize", ChartFiles.At($"k8s/overlays/{overlay}")).Succeeded()));
        var templated = ByName(RenderedChart.Render([.. Manifests.Overlays[overlay], "--skip-tests"]).Manifests.Select(m => m.Document));
        Assert.Equal(templated.Keys, kustomized.Keys);
        Assert.All(templated, d => Assert.True(
            JsonNode.DeepEquals(d.Value, kustomized[d.Key]), $"{d.Key} differs:\n{d.Value.ToJsonString()}\n{kustomized[d.Key].ToJsonString()}"));
    }

    private static SortedDictionary<string, JsonObject> ByName(IEnumerable<JsonObject> documents) =>
        new(documents.ToDictionary(d => new Manifest(d).ToString()), StringComparer.Ordinal);
}
