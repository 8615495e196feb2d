using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Pipeline.Training;

/// <summary>
/// Reads instructions in Alpaca's layout: objects with the strings <c>instruction</c>, <c>input</c> and <c>output</c>, in one array or one a line.
/// </summary>
public static class AlpacaFile
{
    /// <summary>Reads a file. Other properties are ignored, and so are empty lines.</summary>
    /// <exception cref="NasClusterException">It cannot be read, has no row, or a row breaks a rule; the message names the line or row.</exception>
    public static ImmutableArray<InstructionRow> Read(string path) => Parse(TextFile.Read(path), path);

    /// <summary>Reads rows from text.</summary>
    /// <param name="text">The rows.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="NasClusterException">As <see cref="Read"/>.</exception>
    public static ImmutableArray<InstructionRow> Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rows = text.AsSpan().TrimStart().StartsWith('[') ? Array(text, source) : Lines(text, source);
        return rows.IsEmpty ? throw new NasClusterException($"{source} has no rows.") : rows;
    }

    private static ImmutableArray<InstructionRow> Array(string text, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(text, JsonRow.Strict);
            var rows = ImmutableArray.CreateBuilder<InstructionRow>(document.RootElement.GetArrayLength());
            foreach (var row in document.RootElement.EnumerateArray())
            {
                rows.Add(Row(row, JsonRow.InArray(source, rows.Count + 1)));
            }

            return rows.ToImmutable();
        }
        catch (JsonException e)
        {
            throw (e.LineNumber is { } line ? JsonRow.AtLine(source, line + 1) : new JsonRow(source)).NotJson(e);
        }
        catch (InvalidOperationException e)
        {
            // A key with half a surrogate pair is found only when keys are compared.
            throw new JsonRow(source).NotJson(e);
        }
    }

    private static ImmutableArray<InstructionRow> Lines(string text, string source)
    {
        var rows = ImmutableArray.CreateBuilder<InstructionRow>();
        var line = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            // Only a line feed ends a row: JSON strings may hold Unicode's other line ends as they are.
            line++;
            var row = text[range];
            if (string.IsNullOrWhiteSpace(row))
            {
                continue;
            }

            var place = JsonRow.AtLine(source, line);
            try
            {
                using var document = JsonDocument.Parse(row, JsonRow.Strict);
                rows.Add(Row(document.RootElement, place));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw place.NotJson(e);
            }
        }

        return rows.ToImmutable();
    }

    private static InstructionRow Row(JsonElement row, JsonRow place)
    {
        try
        {
            return new InstructionRow(
                place.Place,
                place.Text(row, "", "instruction"),
                place.Property(row, "", "input", JsonValueKind.String).GetString()!,
                place.Text(row, "", "output"));
        }
        catch (InvalidOperationException e)
        {
            throw place.NotJson(e);
        }
    }
}
