using System.Text.Json;
using NasCluster.Core;

namespace NasCluster.Evaluation.Tasks;

/// <summary>One row of a data file in JSON: its members asked for by name and type, with failures that say where the row is.</summary>
/// <param name="Place">File and line or row, as it stands in front of every message.</param>
public readonly record struct JsonRow(string Place)
{
    /// <summary>How rows are parsed: no key twice, and no deeper than rows of data are.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>A row that is a line of its own.</summary>
    /// <param name="source">The file's name.</param>
    /// <param name="line">Its number, from 1.</param>
    public static JsonRow AtLine(string source, long line) => new($"{source}({line})");

    /// <summary>A row of an array that is the whole file.</summary>
    /// <param name="source">The file's name.</param>
    /// <param name="row">Its number, from 1.</param>
    public static JsonRow InArray(string source, int row) => new($"{source}, row {row}");

    /// <summary>A member of the row or of an object in it.</summary>
    /// <param name="parent">The row or object.</param>
    /// <param name="path">The object's path with a dot behind it; empty for the row.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="kind">What it must be.</param>
    /// <exception cref="NasClusterException">It is missing or something else, or the parent is no object.</exception>
    public JsonElement Property(JsonElement parent, string path, string name, JsonValueKind kind)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            throw Failure("the row must be an object.");
        }

        return parent.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw Failure($"{path}{name} is {(value.ValueKind == JsonValueKind.Undefined ? "missing" : $"of type {value.ValueKind}")}; it must be of type {kind}.");
    }

    /// <summary>A member that holds text.</summary>
    /// <param name="parent">The row or object.</param>
    /// <param name="path">The object's path with a dot behind it; empty for the row.</param>
    /// <param name="name">The member's name.</param>
    /// <exception cref="NasClusterException">It is missing, no string, or nothing but white space.</exception>
    public string Text(JsonElement parent, string path, string name)
    {
        var text = Property(parent, path, name, JsonValueKind.String).GetString()!;
        return string.IsNullOrWhiteSpace(text) ? throw Failure($"{path}{name} is empty; it must hold text.") : text;
    }

    /// <summary>What to throw when a rule is broken here.</summary>
    /// <param name="rule">What was found and the rule.</param>
    /// <param name="inner">What was caught, if anything.</param>
    public NasClusterException Failure(string rule, Exception? inner = null) =>
        new($"{Place}: {new string([.. rule.Take(500).Select(c => char.IsControl(c) ? ' ' : c)])}", inner);

    /// <summary>What to throw when the parser gives up here, or a string turns out to be half a surrogate pair, which passes the parser.</summary>
    /// <param name="caught">What was caught.</param>
    public NasClusterException NotJson(Exception caught) => Failure($"this is not a row of JSON: {caught.Message.Split(". ")[0]}.", caught);
}
