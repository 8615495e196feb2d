using System.Text.Json.Nodes;

namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>One object of Kubernetes.</summary>
internal sealed class Manifest(JsonObject document)
{
    public JsonObject Document => document;

    public string Kind => (string)document["kind"]!;

    public string Name => (string)document["metadata"]!["name"]!;

    public JsonNode? Spec => document["spec"];

    /// <summary>Its pods: labels, annotations and specification; null for what runs none.</summary>
    public PodTemplate? Pod => Kind switch
    {
        "Pod" => new PodTemplate(document),
        "StatefulSet" or "Deployment" or "Job" => new PodTemplate(Spec!["template"]!),
        _ => null,
    };

    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>Pods that a manifest makes.</summary>
internal sealed class PodTemplate(JsonNode template)
{
    public JsonNode Metadata => template["metadata"]!;

    public JsonNode Spec => template["spec"]!;

    public IReadOnlyDictionary<string, string> Labels => Strings(Metadata["labels"]);

    public IEnumerable<JsonNode> Containers => new[] { "initContainers", "containers" }.SelectMany(list => Items(Spec[list]));

    public IEnumerable<JsonNode> Volumes => Items(Spec["volumes"]);

    /// <summary>The number of a port of one of its containers.</summary>
    /// <param name="port">A name or a number.</param>
    public int? Port(JsonNode port) => Containers.SelectMany(c => Items(c["ports"]))
        .Where(p => JsonNode.DeepEquals(p["name"], port) || JsonNode.DeepEquals(p["containerPort"], port)).Select(p => (int?)p["containerPort"]).SingleOrDefault();

    /// <summary>Whether a selector chooses these pods.</summary>
    public bool IsChosenBy(JsonNode? selector)
    {
        var labels = Labels;
        return selector is not null
            && Strings(selector["matchLabels"]).All(l => labels.GetValueOrDefault(l.Key) == l.Value)
            && Items(selector["matchExpressions"]).All(e => (string?)e["operator"] == "In"
                && labels.TryGetValue((string)e["key"]!, out var value) && Items(e["values"]).Any(v => (string?)v == value));
    }

    public static IEnumerable<JsonNode> Items(JsonNode? list) => list?.AsArray().Select(i => i!) ?? [];

    public static IReadOnlyDictionary<string, string> Strings(JsonNode? map) =>
        map?.AsObject().ToDictionary(p => p.Key, p => p.Value!.ToString()) ?? new Dictionary<string, string>();
}
