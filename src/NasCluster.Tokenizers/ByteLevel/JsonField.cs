using System.Text.Json;
using NasCluster.Core;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>A value of a JSON file with where it is, so that errors can say so.</summary>
/// <param name="Value">The value; undefined if it is not there.</param>
/// <param name="Path">Its keys, such as <c>model.type</c>.</param>
/// <param name="File">For messages.</param>
internal readonly record struct JsonField(JsonElement Value, string Path, string File)
{
    public bool IsThere => Value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The value of a key; not there if this is not, fails if this is no object.</summary>
    public JsonField Get(string key)
    {
        var path = Path.Length == 0 ? key : $"{Path}.{key}";
        if (!IsThere)
        {
            return new JsonField(default, path, File);
        }

        return new JsonField(Expect(JsonValueKind.Object, "an object").TryGetProperty(key, out var value) ? value : default, path, File);
    }

    public IEnumerable<JsonField> Items()
    {
        var (path, file) = (Path, File);
        return IsThere ? Expect(JsonValueKind.Array, "a list").EnumerateArray().Select((e, i) => new JsonField(e, $"{path}[{i}]", file)) : [];
    }

    public IEnumerable<(string Key, JsonField Value)> Members()
    {
        var (path, file) = (Path, File);
        return Expect(JsonValueKind.Object, "an object").EnumerateObject()
            .Select(p => (p.Name, new JsonField(p.Value, $"{path}[{FileText.Quote(p.Name)}]", file)));
    }

    public string Text() => Expect(JsonValueKind.String, "text").GetString()!;

    /// <summary>The text; empty if it is not there.</summary>
    public string TextOrEmpty() => IsThere ? Text() : "";

    public int Id() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var id) && id >= 0
        ? id
        : throw Fail($"is {Shown()}", "it must be a whole number from 0");

    public bool Flag(bool otherwise = false) => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ when !IsThere => otherwise,
        _ => throw Fail($"is {Shown()}", "it must be true or false"),
    };

    /// <summary>Fails if it is true.</summary>
    public void MustNotBeSet()
    {
        if (Flag())
        {
            throw Fail("is true", "only false is supported");
        }
    }

    public NasClusterException Fail(string found, string rule) => new($"{File}: {(Path.Length == 0 ? "the file" : Path)} {found}; {rule}.");

    /// <summary>The value as it is written, cut when long.</summary>
    public string Shown() => IsThere ? FileText.OneLine(Value.GetRawText() is { Length: > 80 } text ? text[..80] + "..." : Value.GetRawText()) : "missing";

    private JsonElement Expect(JsonValueKind kind, string name) => Value.ValueKind == kind ? Value : throw Fail($"is {Shown()}", $"it must be {name}");
}
