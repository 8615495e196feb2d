using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>A panel of a dashboard, as far as its data and its picture need it.</summary>
internal sealed class DashboardPanel(string dashboard, JsonNode json)
{
    private readonly JsonNode? _defaults = json["fieldConfig"]?["defaults"];

    public string Name => $"{dashboard}: {Title}";

    public string Title => (string)json["title"]!;

    /// <summary>Grafana's name of its kind; <c>row</c> for a heading.</summary>
    public string Kind => (string)json["type"]!;

    public string Unit => (string?)_defaults?["unit"] ?? "";

    public int? Decimals => (int?)_defaults?["decimals"];

    public double? Minimum => (double?)_defaults?["min"];

    public double? Maximum => (double?)_defaults?["max"];

    public bool IsStacked => (string?)_defaults?["custom"]?["stacking"]?["mode"] == "normal";

    public bool IsStepped => (string?)_defaults?["custom"]?["lineInterpolation"] == "stepAfter";

    /// <summary>Thresholds drawn as lines; none where they only colour.</summary>
    public ImmutableArray<double> ThresholdLines => (string?)_defaults?["custom"]?["thresholdsStyle"]?["mode"] == "dashed"
        ? [.. Thresholds.Select(t => t.From).OfType<double>()]
        : [];

    /// <summary>From which value on which colour applies; null for the one that applies to the smallest.</summary>
    public ImmutableArray<(double? From, string Color)> Thresholds =>
        [.. _defaults?["thresholds"]?["steps"]?.AsArray().Select(s => ((double?)s!["value"], (string)s["color"]!)) ?? []];

    /// <summary>The label whose values each have a panel of their own; null for none.</summary>
    public string? Repeated => (string?)json["repeat"];

    public (int X, int Y, int Width, int Height) Place
    {
        get
        {
            var grid = json["gridPos"]!;
            return ((int)grid["x"]!, (int)grid["y"]!, (int)grid["w"]!, (int)grid["h"]!);
        }
    }

    /// <summary>Its queries: the expression with variables filled in, and how its series are called.</summary>
    public ImmutableArray<(string Expression, string Legend)> Queries => QueriesFor(null);

    /// <summary>The queries of the panel that stands for one value of what it is repeated for; null for all values.</summary>
    public ImmutableArray<(string Expression, string Legend)> QueriesFor(string? value) =>
        [.. json["targets"]?.AsArray().Select(t => (Watching.Filled(With((string)t!["expr"]!, value)), (string)t["legendFormat"]!)) ?? []];

    public string TitleFor(string? value) => With(Title, value);

    /// <summary>The words that stand for a number; null for none.</summary>
    public string? WordFor(double value) =>
        (string?)_defaults?["mappings"]?.AsArray().FirstOrDefault()?["options"]?[value.ToString(System.Globalization.CultureInfo.InvariantCulture)]?["text"];

    private string With(string text, string? value) => value is null ? text : text.Replace($"${Repeated}", value, StringComparison.Ordinal);
}
