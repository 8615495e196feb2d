using System.Collections.Concurrent;

namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>What the chart makes of values.</summary>
internal sealed class RenderedChart
{
    public const string Release = "nas-cluster";

    private static readonly ConcurrentDictionary<string, Lazy<RenderedChart>> Known = new();

    private RenderedChart(string text)
    {
        Text = text;
        Manifests = [.. YamlDocuments.Read(text).Select(d => new Manifest(d))];
    }

    /// <summary>As helm wrote it.</summary>
    public string Text { get; }

    public IReadOnlyList<Manifest> Manifests { get; }

    /// <summary>Everything that runs pods.</summary>
    public IEnumerable<Manifest> Workloads => Manifests.Where(m => m.Pod is not null);

    /// <summary>As one of <see cref="Scenario.All"/>.</summary>
    public static RenderedChart Of(string scenario) => Known.GetOrAdd(scenario, s => new(() => Render(Scenario.All[s]))).Value;

    /// <summary>With further arguments of <c>helm template</c>.</summary>
    public static RenderedChart Render(params IEnumerable<string> arguments) => new(Template(ChartFiles.Chart, arguments).Succeeded());

    public static ToolResult Template(string chart, params IEnumerable<string> arguments) =>
        DeploymentTools.Helm(["template", Release, chart, "--namespace", Release, .. arguments]);

    public IEnumerable<Manifest> OfKind(string kind) => Manifests.Where(m => m.Kind == kind);

    public Manifest Get(string kind, string name) => Assert.Single(OfKind(kind), m => m.Name == name);
}
