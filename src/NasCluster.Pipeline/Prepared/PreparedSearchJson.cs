using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Pipeline.Prepared;

/// <summary>A prepared search as JSON.</summary>
internal static class PreparedSearchJson
{
    private const int Schema = 3;

    /// <summary>What searches that predict no speed from a table are written as, so that silos of earlier versions go on with them.</summary>
    private const int SchemaWithoutTable = 2;

    /// <summary>What searches without stages either are written as, likewise.</summary>
    private const int SchemaWithoutStages = 1;
    private const int HashLength = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    internal static string Write(PreparedSearch search)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", search.Plan.Table is not null ? Schema : search.Stages == StageInputs.None ? SchemaWithoutStages : SchemaWithoutTable);
            writer.WriteString("specification", search.Specification);
            writer.WriteStartObject("network");
            writer.WritePropertyName("configuration");
            writer.WriteRawValue(search.Network.Configuration.ToJson());
            writer.WriteString("fingerprint", search.Network.Fingerprint);
            writer.WriteString("precision", search.Network.Precision);
            writer.WriteString("device", search.Network.Device);
            writer.WriteString("numerics", search.Network.NumericsVersion);
            writer.WriteEndObject();
            Write(writer, "search", search.Search);
            if (search.Report is { } report)
            {
                Write(writer, "report", report);
            }

            if (search.Stages != StageInputs.None)
            {
                Write(writer, search.Stages);
            }

            if (search.Plan.Table is { } table)
            {
                writer.WriteString("latency_table", LatencyTableJson.Write(table));
            }

            writer.WriteStartObject("provenance");
            foreach (var (name, value) in search.Provenance)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static PreparedSearch Read(string json, Func<string, SearchSpec> readSpecification)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(readSpecification);
        var parsed = Parse(json);
        return new PreparedSearch(
            readSpecification(parsed.Specification), parsed.Specification, parsed.Network, parsed.Search, parsed.Report, parsed.Provenance, parsed.Stages,
            table: parsed.Table is { } table ? LatencyTableJson.Read(table, "latency_table of the prepared search") : null);
    }

    private static Parsed Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new NasClusterException($"The prepared search is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.", e);
        }
        catch (InvalidOperationException e)
        {
            // What the document says of a text or a name with half a surrogate pair.
            throw new NasClusterException("The prepared search is damaged: a text in it is not Unicode.", e);
        }
    }

    private static Parsed Parse(JsonElement root)
    {
        // First of all: a newer version may have changed anything else.
        var schema = Member(root, "schema");
        if (schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out var version) || version is < 1 or > Schema)
        {
            throw new NasClusterException($"The prepared search has schema {Shown(schema)}; this version reads up to {Schema}. Use a newer version, or start the search anew.");
        }

        var network = Member(root, "network");
        return new Parsed(
            Text(root, "specification"),
            new SuperNetworkInfo(
                LlamaConfiguration.FromJson(Member(network, "configuration").GetRawText()),
                Text(network, "fingerprint"), Text(network, "precision"), Text(network, "device"), Text(network, "numerics")),
            Part(Member(root, "search")),
            root.TryGetProperty("report", out var report) ? Part(report) : null,
            Members(root, "provenance").ToImmutableSortedDictionary(p => p.Name, p => TextOf(p.Value, p.Name), StringComparer.Ordinal),
            root.TryGetProperty("stages", out var stages) ? Stages(stages) : StageInputs.None,
            root.TryGetProperty("latency_table", out _) ? Text(root, "latency_table") : null);
    }

    private static void Write(Utf8JsonWriter writer, StageInputs stages)
    {
        writer.WriteStartObject("stages");
        if (stages.Calibration is { } calibration)
        {
            Write(writer, "calibration", calibration);
        }

        if (stages.PolicyGradient is { } gradient)
        {
            Write(writer, "policy_gradient", gradient);
        }

        writer.WriteStartArray("done");
        foreach (var done in stages.Done)
        {
            writer.WriteStartObject();
            writer.WriteString("stage", Words.Of(done.Stage));
            writer.WriteString("content", done.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static StageInputs Stages(JsonElement stages)
    {
        var done = Member(stages, "done");
        return new StageInputs(
            stages.TryGetProperty("calibration", out var calibration) ? Part(calibration) : null,
            stages.TryGetProperty("policy_gradient", out var gradient) ? Part(gradient) : null,
            done.ValueKind == JsonValueKind.Array
                ? [.. done.EnumerateArray().Select(d => new StageContent(StageOf(Text(d, "stage")), Hash(d, "content")))]
                : throw Wrong("done", "a list"));
    }

    private static SearchStage StageOf(string word) =>
        Words.All<SearchStage>().Contains(word) ? Words.Parse<SearchStage>(word) : throw Wrong("stage", $"one of {string.Join(", ", Words.All<SearchStage>())}");

    private static void Write(Utf8JsonWriter writer, string name, PreparedPart part)
    {
        writer.WriteStartObject(name);
        writer.WriteString("content", part.Content);
        if (part.Sets.Text is { } text)
        {
            writer.WriteString("text", text);
        }

        writer.WriteStartArray("tasks");
        foreach (var task in part.Sets.Tasks)
        {
            writer.WriteStartObject();
            writer.WriteString("name", task.Name);
            writer.WriteString("fingerprint", task.Fingerprint);
            if (task.HarnessTask is { } harness)
            {
                writer.WriteString("harness_task", harness);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static PreparedPart Part(JsonElement part)
    {
        var tasks = Member(part, "tasks");
        return new PreparedPart(Hash(part, "content"), new EvaluationSetsIdentity(
            part.TryGetProperty("text", out _) ? Hash(part, "text") : null,
            tasks.ValueKind == JsonValueKind.Array
                ? [.. tasks.EnumerateArray().Select(Identity)]
                : throw Wrong("tasks", "a list")));
    }

    private static TaskIdentity Identity(JsonElement task) =>
        new(Text(task, "name"), Hash(task, "fingerprint")) { HarnessTask = task.TryGetProperty("harness_task", out _) ? Text(task, "harness_task") : null };

    // Content hashes become parts of storage paths.
    private static string Hash(JsonElement parent, string name) =>
        Text(parent, name) is { Length: HashLength } text && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw Wrong(name, $"{HashLength} lower-case hexadecimal digits");

    private static string Text(JsonElement parent, string name) => TextOf(Member(parent, name), name);

    private static string TextOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "a text");

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            ? value
            : throw new NasClusterException($"The prepared search has no {name} where one must be.");

    private static JsonElement.ObjectEnumerator Members(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject() : throw Wrong(name, "an object");

    private static NasClusterException Wrong(string name, string wanted) => new($"The prepared search is damaged: {name} must be {wanted}.");

    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.GetRawText() is { Length: < 20 } number ? number : $"of kind {value.ValueKind}";

    private sealed record Parsed(
        string Specification, SuperNetworkInfo Network, PreparedPart Search, PreparedPart? Report, ImmutableSortedDictionary<string, string> Provenance,
        StageInputs Stages, string? Table);
}
