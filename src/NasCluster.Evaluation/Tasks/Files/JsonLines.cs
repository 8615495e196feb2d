using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;

namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>Rows of JSON, one object a line.</summary>
internal static class JsonLines
{
    /// <summary>What a row is made into.</summary>
    /// <param name="row">The object.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="index">Which row it is, from 0, empty lines not counted.</param>
    internal delegate T RowReader<out T>(JsonElement row, JsonRow place, int index);

    /// <summary>Reads every row; empty lines are left out.</summary>
    /// <exception cref="NasClusterException">There is no row, or one breaks a rule; the message names the line.</exception>
    internal static ImmutableArray<T> Read<T>(NamedText file, RowReader<T> read)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        var line = 0;
        foreach (var range in file.Text.AsSpan().Split('\n'))
        {
            // Only a line feed ends a row: JSON strings may hold Unicode's other line ends as they are.
            line++;
            var text = file.Text[range];
            if (!string.IsNullOrWhiteSpace(text))
            {
                rows.Add(Read(text, JsonRow.AtLine(file.Source, line), read, rows.Count));
            }
        }

        return rows.Count == 0 ? throw new NasClusterException($"{file.Source} has no rows.") : rows.ToImmutable();
    }

    private static T Read<T>(string text, JsonRow place, RowReader<T> read, int index)
    {
        try
        {
            using var document = JsonDocument.Parse(text, JsonRow.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement, place, index) : throw place.Failure("the row must be an object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A string with half a surrogate pair passes the parser and fails when it is read.
            throw place.NotJson(e);
        }
    }
}
