using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace NasCluster.Core.Storage;

/// <summary>A small value kept in one cell as JSON, with the number of its layout beside it.</summary>
/// <param name="cells">Whose cells.</param>
/// <param name="name">Which cell.</param>
/// <param name="schema">The layout this program writes; older ones are read, newer ones refused.</param>
public sealed class JsonCell<T>(IStateCells cells, string name, int schema)
    where T : class
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() } };
    private string? _version;

    /// <summary>The value; null when there is none.</summary>
    /// <exception cref="NasClusterException">It cannot be read, or a newer program wrote it.</exception>
    public async Task<T?> ReadAsync(CancellationToken cancellation)
    {
        var cell = await cells.ReadAsync(name, cancellation);
        _version = cell?.Version;
        if (cell is null)
        {
            return null;
        }

        try
        {
            var node = JsonNode.Parse(cell.Bytes.Span)!;
            var found = (int)node["schema"]!;
            return found <= schema
                ? node["value"].Deserialize<T>(Options)
                : throw new NasClusterException($"Cell {name} has layout {found}; this program reads layouts up to {schema}. A newer silo wrote it.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new NasClusterException($"Cell {name} is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the value.</summary>
    /// <exception cref="StateCellConflictException">Somebody else has written another value since it was read.</exception>
    /// <exception cref="StateCellException">Storage failed; whether it was written is not known, so it must be read before anything else.</exception>
    public async Task WriteAsync(T value, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["schema"] = schema, ["value"] = JsonSerializer.SerializeToNode(value, Options) });
        try
        {
            _version = await cells.WriteAsync(name, bytes, _version, cancellation);
        }
        catch (StateCellConflictException)
        {
            // A client of storage sends a write again of which it has heard nothing; had the first arrived, the conflict is with oneself.
            var there = await cells.ReadAsync(name, cancellation);
            if (there is null || !there.Bytes.Span.SequenceEqual(bytes))
            {
                throw;
            }

            _version = there.Version;
        }
    }

    /// <summary>Deletes the value, if there is one.</summary>
    /// <exception cref="StateCellConflictException">Somebody else has written it since it was read.</exception>
    /// <exception cref="StateCellException">Storage failed; whether it was deleted is not known, so it must be read before anything else.</exception>
    public async Task DeleteAsync(CancellationToken cancellation)
    {
        if (_version is not { } version)
        {
            return;
        }

        try
        {
            await cells.DeleteAsync(name, version, cancellation);
        }
        catch (StateCellConflictException)
        {
            if (await cells.ReadAsync(name, cancellation) is not null)
            {
                throw;
            }
        }

        _version = null;
    }
}
