using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NasCluster.Specification.Tests;

/// <summary>As much of JSON Schema 2020-12 as the schema uses; an unknown keyword is an error, so nothing is skipped silently.</summary>
internal static class MiniSchema
{
    internal static bool Accepts(JsonNode schema, JsonNode? value) => schema.AsObject().All(rule => Holds(rule.Key, rule.Value!, schema.AsObject(), value));

    private static bool Holds(string keyword, JsonNode rule, JsonObject schema, JsonNode? value) => keyword switch
    {
        "$schema" or "title" or "description" or "default" => true,
        "type" => rule is JsonArray types ? types.Any(t => IsType((string)t!, value)) : IsType((string)rule!, value),
        "anyOf" => rule.AsArray().Any(s => Accepts(s!, value)),
        "enum" => rule.AsArray().Any(e => JsonNode.DeepEquals(e, value)),
        "minimum" => !IsType("number", value) || Number(value) >= (double)rule,
        "exclusiveMinimum" => !IsType("number", value) || Number(value) > (double)rule,
        "maximum" => !IsType("number", value) || Number(value) <= (double)rule,
        "minLength" => value is not JsonValue || !IsType("string", value) || ((string)value!).Length >= (int)rule,
        "pattern" => !IsType("string", value) || Regex.IsMatch((string)value!, (string)rule!),
        "items" => value is not JsonArray list || list.All(i => Accepts(rule, i)),
        "minItems" => value is not JsonArray list || list.Count >= (int)rule,
        "uniqueItems" => value is not JsonArray list || list.Select((a, i) => list.Take(i).All(b => !JsonNode.DeepEquals(a, b))).All(u => u),
        "properties" => value is not JsonObject map || map.All(p => rule[p.Key] is not { } inner || Accepts(inner, p.Value)),
        "additionalProperties" => value is not JsonObject map
            || map.Where(p => schema["properties"]?[p.Key] is null).All(p => rule is JsonObject inner ? Accepts(inner, p.Value) : (bool)rule),
        "propertyNames" => value is not JsonObject map || map.All(p => Accepts(rule, JsonValue.Create(p.Key))),
        "minProperties" => value is not JsonObject map || map.Count >= (int)rule,
        "required" => value is not JsonObject map || rule.AsArray().All(r => map.ContainsKey((string)r!)),
        _ => throw new NotSupportedException($"Keyword {keyword}."),
    };

    private static bool IsType(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.TryGetValue<string>(out _),
        "number" => value is JsonValue number && number.TryGetValue<double>(out _),
        "integer" => value is JsonValue number && number.TryGetValue<double>(out var d) && Math.Floor(d) == d,
        _ => throw new NotSupportedException($"Type {type}."),
    };

    private static double Number(JsonNode? value) => value!.AsValue().GetValue<double>();
}
