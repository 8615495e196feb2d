using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>A dashboard of the repository.</summary>
internal sealed class ShippedDashboard
{
    private readonly JsonNode _json;

    private ShippedDashboard(string file)
    {
        File = file;
        _json = JsonNode.Parse(System.IO.File.ReadAllText(file))!;
        Panels = [.. _json["panels"]!.AsArray().Select(p => new DashboardPanel(Title, p!))];
    }

    public static ImmutableArray<ShippedDashboard> All { get; } =
        [.. Directory.GetFiles(Watching.Folder, "*.json").Order(StringComparer.Ordinal).Select(f => new ShippedDashboard(f))];

    public string File { get; }

    public string Title => (string)_json["title"]!;

    public string Description => (string)_json["description"]!;

    /// <summary>Panels and headings, in the order in which they stand.</summary>
    public ImmutableArray<DashboardPanel> Panels { get; }

    /// <summary>What is marked on every panel, as expressions with variables filled in.</summary>
    public IEnumerable<(string Name, string Expression)> Annotations =>
        from annotation in _json["annotations"]!["list"]!.AsArray()
        where annotation!["target"] is not null
        select ((string)annotation!["name"]!, Watching.Filled((string)annotation["target"]!["expr"]!));

    /// <summary>What the values of variables are read from: the series and the label.</summary>
    public IEnumerable<(string Name, string Expression, string Label)> Variables =>
        from variable in _json["templating"]!["list"]!.AsArray()
        where (string?)variable!["type"] == "query"
        let parts = ((string)variable!["query"]!["query"]!)["label_values(".Length..^1]
        let comma = parts.LastIndexOf(',')
        select ((string)variable["name"]!, Watching.Filled(parts[..comma]), parts[(comma + 1)..].Trim());
}
