using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Kustomize;

/// <summary>The folder k8s/ as it follows from the chart: what both overlays have alike is the base, the rest is each one's own.</summary>
internal static partial class Manifests
{
    /// <summary>The overlays and the values they are made of.</summary>
    public static IReadOnlyDictionary<string, string[]> Overlays { get; } = new Dictionary<string, string[]> { ["cpu"] = Scenario.All["cpu"], ["gpu"] = Scenario.All["defaults"] };

    /// <summary>Every file, by its path.</summary>
    public static IReadOnlyDictionary<string, string> Files()
    {
        var rendered = Overlays.ToDictionary(o => o.Key, o => Documents(RenderedChart.Render([.. o.Value, "--skip-tests"]).Text));
        var common = rendered.Values.Aggregate((one, other) => [.. one.Intersect(other)]);
        var files = new Dictionary<string, string>();
        Add("k8s/base", common, []);
        foreach (var (overlay, documents) in rendered)
        {
            Add($"k8s/overlays/{overlay}", [.. documents.Except(common)], ["../../base"]);
        }

        return files;

        void Add(string folder, List<(string File, string Text)> documents, string[] bases)
        {
            var names = documents.Select(d => d.File).Distinct().Order(StringComparer.Ordinal).ToList();
            foreach (var name in names)
            {
                files[$"{folder}/{name}"] = string.Join("---\n", documents.Where(d => d.File == name).Select(d => d.Text));
            }

            files[$"{folder}/kustomization.yaml"] =
                $"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{string.Concat(bases.Concat(names).Select(r => $"  - {r}\n"))}";
        }
    }

    /// <summary>Documents as helm wrote them, each with the file of the template it came from.</summary>
    private static List<(string File, string Text)> Documents(string text) =>
        [.. Source().Split(text.ReplaceLineEndings("\n")).Skip(1).Chunk(2).Select(d => (d[0], BlankLine().Replace(d[1], "").Trim() + "\n"))];

    [GeneratedRegex(@"^---\n# Source: nas-cluster/templates/(\S+)\n", RegexOptions.Multiline)]
    private static partial Regex Source();

    [GeneratedRegex(@"^[ \t]*\n", RegexOptions.Multiline)]
    private static partial Regex BlankLine();
}
