using System.Text.Json;
using System.Text.Unicode;
using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>The members of one JSON object, asked for by name, type and range. A member that is null counts as absent.</summary>
internal readonly struct JsonFields
{
    private const int DeepestNesting = 32;
    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _prefix;

    private JsonFields(JsonElement element, string file, string prefix)
    {
        _element = element;
        _file = file;
        _prefix = prefix;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new NasClusterException(
                $"{file}: {(prefix.Length == 0 ? "the file" : prefix.TrimEnd('.'))} is a JSON {element.ValueKind}; it must be an object.");
        }
    }

    /// <summary>Parses a whole file; keys must not repeat.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string file)
    {
        try
        {
            CheckText(json.Span);
            return JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DeepestNesting });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new NasClusterException($"{file}: not valid JSON: {FileText.OneLine(e.Message)}", e);
        }
    }

    public static JsonFields Of(JsonDocument document, string file) => new(document.RootElement, file, "");

    public static JsonFields Of(JsonElement element, string file, string place) => new(element, file, place + ".");

    public bool Has(string name) => Find(name) is not null;

    public bool IsFalse(string name) => Find(name)?.ValueKind == JsonValueKind.False;

    public IEnumerable<string> Names => _element.EnumerateObject().Select(p => p.Name);

    public JsonFields? Object(string name) => Find(name) is { } value ? new JsonFields(value, _file, $"{_prefix}{name}.") : null;

    public JsonElement[]? Array(string name, int most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var fits = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most;
        Require(fits, name, value, $"an array of at most {most} entries");
        return [.. value.EnumerateArray()];
    }

    public string? String(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        Require(value.ValueKind == JsonValueKind.String, name, value, "a string");
        return value.GetString();
    }

    public bool? Bool(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, name, value, "true or false");
        return value.GetBoolean();
    }

    public int? Integer(string name, int least, int most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var integer = 0;
        var fits = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out integer) && integer >= least && integer <= most;
        Require(fits, name, value, $"an integer in [{least}, {most}]");
        return integer;
    }

    public int RequiredInteger(string name, int least, int most) => Integer(name, least, most) ?? throw Missing(name);

    /// <summary>A number above 0 and at most <paramref name="most"/>.</summary>
    public double? Positive(string name, double most)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var number = 0.0;
        var fits = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && number > 0 && number <= most;
        Require(fits, name, value, $"a number in (0, {most}]");
        return number;
    }

    public NasClusterException Missing(string name) => new($"{_file}: {_prefix}{name} is missing.");

    /// <summary>Fails, saying that a member's value is well-formed but not something we compute.</summary>
    public NasClusterException Unsupported(string name, string supported) => new(
        $"{_file}: {_prefix}{name} is {Show(name)}; only {supported} is supported.");

    public NasClusterException Wrong(string name, string rule) => new($"{_file}: {_prefix}{name} is {Show(name)}; {rule}.");

    private string Show(string name) => Find(name) is { } value ? FileText.OneLine(value.GetRawText()) : "absent";

    private JsonElement? Find(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private void Require(bool holds, string name, JsonElement value, string rule)
    {
        if (!holds)
        {
            throw new NasClusterException($"{_file}: {_prefix}{name} is {FileText.OneLine(value.GetRawText())}; it must be {rule}.");
        }
    }

    // A key or string can be half a surrogate pair or no UTF-8 at all and still pass for JSON, until someone asks for its text.
    private static void CheckText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("It is not UTF-8.");
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                reader.GetString();
            }
        }
    }
}
