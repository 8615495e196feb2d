using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NasCluster.Core;
using NasCluster.Core.Storage;

namespace NasCluster.Grains.Storage;

/// <summary>A small value kept in one cell as JSON, with the number of its layout beside it.</summary>
/// <param name="cells">Whose cells.</param>
/// <param name="name">Which cell.</param>
/// <param name="schema">The layout this program writes; older ones are read, newer ones refused.</param>
internal sealed class JsonCell<T>(IStateCells cells, string name, int schema)
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
    /// <exception cref="StateCellConflictException">Somebody else has written it since it was read.</exception>
    public async Task WriteAsync(T value, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["schema"] = schema, ["value"] = JsonSerializer.SerializeToNode(value, Options) });
        _version = await cells.WriteAsync(name, bytes, _version, cancellation);
    }

    /// <summary>Deletes the value, if there is one.</summary>
    public async Task DeleteAsync(CancellationToken cancellation)
    {
        if (_version is { } version)
        {
            await cells.DeleteAsync(name, version, cancellation);
            _version = null;
        }
    }
}
