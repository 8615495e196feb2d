using System.Text.Json.Nodes;

namespace NasCluster.Repository.Tests.Dashboards;

/// <summary>A dashboard of Grafana as it lies in the repository.</summary>
internal sealed class DashboardFile(string path, JsonObject json)
{
    public static IReadOnlyList<DashboardFile> All { get; } =
    [
        .. RepositoryFiles.Tracked.Where(p => p.StartsWith("dashboards/", StringComparison.Ordinal) && p.EndsWith(".json", StringComparison.Ordinal))
            .Select(p => new DashboardFile(p, JsonNode.Parse(RepositoryFiles.Read(p))!.AsObject())),
    ];

    public string Path => path;

    public string Uid => (string)json["uid"]!;

    public string Title => (string)json["title"]!;

    public JsonObject Json => json;

    /// <summary>Panels, rows not among them.</summary>
    public IEnumerable<JsonObject> Panels => AllPanels.Where(p => (string?)p["type"] != "row");

    /// <summary>Panels and rows.</summary>
    public IEnumerable<JsonObject> AllPanels => json["panels"]!.AsArray().Select(p => p!.AsObject());

    public IEnumerable<JsonObject> Variables => json["templating"]!["list"]!.AsArray().Select(v => v!.AsObject());

    /// <summary>Every expression with where it stands: those of panels, of annotations, and what values of variables are read from.</summary>
    public IEnumerable<(string Where, string Expression)> Expressions =>
    [
        .. from panel in Panels
           from target in panel["targets"]!.AsArray()
           select ($"{path}: {(string?)panel["title"]}", (string)target!["expr"]!),
        .. from annotation in json["annotations"]!["list"]!.AsArray()
           where annotation!["target"] is not null
           select ($"{path}: {(string?)annotation!["name"]}", (string)annotation["target"]!["expr"]!),
        .. from variable in Variables
           where (string?)variable["type"] == "query"
           select ($"{path}: variable {(string?)variable["name"]}", SeriesOfValues((string)variable["query"]!["query"]!)),
    ];

    public override string ToString() => path;

    // label_values(SERIES, LABEL) is Grafana's, not Prometheus'.
    private static string SeriesOfValues(string query)
    {
        const string function = "label_values(";
        Assert.StartsWith(function, query, StringComparison.Ordinal);
        return query[function.Length..query.LastIndexOf(',')];
    }
}
