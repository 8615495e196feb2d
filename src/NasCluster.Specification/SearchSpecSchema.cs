using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core.Specification;

namespace NasCluster.Specification;

/// <summary>The JSON schema (draft 2020-12) of search.yaml, for editors; made from the table the reader uses.</summary>
public static class SearchSpecSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as indented JSON.</summary>
    public static string Write()
    {
        var root = Section("");
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "NasCluster search",
            ["description"] = "One search for sub-networks: model, data, space, objectives, algorithm and budget.",
        };
        foreach (var (name, value) in root.ToArray())
        {
            root.Remove(name);
            schema[name] = value;
        }

        return schema.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Section(string path)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var defaults = new SearchSpec();
        var prefix = path.Length == 0 ? "" : path + ".";
        foreach (var key in SearchSpecKeys.All.Where(k => k.Path.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var name = key.Path[prefix.Length..].Split('.')[0];
            if (prefix + name == key.Path)
            {
                properties[name] = Key(key, defaults);
                if (key.IsRequired)
                {
                    required.Add(name);
                }
            }
            else if (!properties.ContainsKey(name))
            {
                var section = Section(prefix + name);
                section["type"] = new JsonArray("object", "null");
                section["description"] = SearchSpecKeys.Sections.Single(s => s.Path == prefix + name).Description;
                properties[name] = section;
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    private static JsonObject Key(SpecKey key, SearchSpec defaults)
    {
        var schema = new JsonObject { ["description"] = key.Description };
        if (key.IsRequired)
        {
            schema["type"] = "string";
            schema["minLength"] = 1;
            return schema;
        }

        // An empty value (null) leaves a key to its default.
        var forms = Forms(key);
        schema["anyOf"] = new JsonArray([.. forms, new JsonObject { ["type"] = "null" }]);
        if (Default(key.Get(defaults)) is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    private static JsonObject HarnessTask() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["path"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["description"] = "The folder the task's files lie in, or the file itself." },
            ["task"] = new JsonObject { ["type"] = "string", ["description"] = "The evaluation harness's name for it. Default: the name it has here." },
            ["shots"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = ValueReader.MostShots, ["description"] = "Worked examples before each question." },
            ["limit"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["description"] = "At most so many documents are read." },
        },
        ["required"] = new JsonArray("path"),
        ["additionalProperties"] = false,
    };

    private static JsonObject[] Forms(SpecKey key) => key.Kind switch
    {
        SpecKeyKind.Text => [new() { ["type"] = "string" }],
        SpecKeyKind.Integer => [Number("integer", key.Range)],
        SpecKeyKind.Number => [Number("number", key.Range)],
        SpecKeyKind.Word => [Words(key)],
        SpecKeyKind.IntegerOrWord => [Number("integer", key.Range), Words(key)],
        SpecKeyKind.Integers => [List(Number("integer", key.Range))],
        SpecKeyKind.IntegersOrWord => [List(Number("integer", key.Range)), Words(key)],
        SpecKeyKind.Shares => [List(Number("number", new(0, 1, OpenBelow: true)))],
        SpecKeyKind.Widths => [List(new() { ["anyOf"] = new JsonArray(Number("number", new(0, 1, OpenBelow: true)), Number("integer", new(2, int.MaxValue))) })],
        SpecKeyKind.Texts => [List(new() { ["type"] = "string" })],
        SpecKeyKind.Tasks => [Map(new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["minLength"] = 1 }, HarnessTask()) })],
        SpecKeyKind.Constraints => [Map(new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["min"] = Number("number", null), ["max"] = Number("number", null) },
            ["additionalProperties"] = false,
            ["minProperties"] = 1,
        })],
        _ => throw new InvalidOperationException($"{key.Path} is of kind {key.Kind}, which has no schema."),
    };

    private static JsonObject Words(SpecKey key) => new() { ["enum"] = new JsonArray([.. key.Words.Select(w => (JsonNode)w)]) };

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items, ["minItems"] = 1, ["uniqueItems"] = true };

    private static JsonObject Map(JsonObject values) =>
        new() { ["type"] = "object", ["propertyNames"] = new JsonObject { ["pattern"] = "^[a-z][a-z0-9_]{0,63}$" }, ["additionalProperties"] = values };

    private static JsonObject Number(string type, NumberRange? range)
    {
        var schema = new JsonObject { ["type"] = type };
        if (range is not null)
        {
            schema[range.OpenBelow ? "exclusiveMinimum" : "minimum"] = Bound(type, range.Minimum);
            if (double.IsFinite(range.Maximum))
            {
                schema["maximum"] = Bound(type, range.Maximum);
            }
        }

        return schema;
    }

    // Without this 2147483647 would be written 2147483647.0 by some writers; the largest long is not a double.
    private static JsonValue Bound(string type, double value) =>
        type != "integer" ? JsonValue.Create(value) : JsonValue.Create(value >= long.MaxValue ? long.MaxValue : (long)value);

    private static JsonNode? Default(object? value) => value switch
    {
        string text => text,
        long integer => integer,
        double number => number,
        ImmutableArray<string> texts => new JsonArray([.. texts.Select(t => (JsonNode)t)]),
        _ => null,
    };
}
