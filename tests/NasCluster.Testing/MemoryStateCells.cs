using System.Globalization;
using NasCluster.Core.Storage;

namespace NasCluster.Testing;

/// <summary>Cells in memory; the reference of what every storage of cells does.</summary>
public sealed class MemoryStateCells : IStateCells
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StateCell> _cells = new(StringComparer.Ordinal);
    private long _versions;

    /// <summary>The names of the cells there are, in ordinal order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _cells.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>How many writes were applied.</summary>
    public long Writes { get; private set; }

    /// <inheritdoc/>
    public ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        StateCellName.ThrowIfInvalid(name);
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult(_cells.GetValueOrDefault(name));
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation)
    {
        StateCellName.ThrowIfInvalid(name);
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("A cell may not be empty.", nameof(bytes));
        }

        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowIfChanged(name, version);
            Writes++;
            var cell = _cells[name] = new StateCell(bytes.ToArray(), (++_versions).ToString(CultureInfo.InvariantCulture));
            return ValueTask.FromResult(cell.Version);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, string version, CancellationToken cancellation)
    {
        StateCellName.ThrowIfInvalid(name);
        ArgumentNullException.ThrowIfNull(version);
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ThrowIfChanged(name, version);
            _cells.Remove(name);
            return ValueTask.CompletedTask;
        }
    }

    private void ThrowIfChanged(string name, string? version)
    {
        var there = _cells.GetValueOrDefault(name)?.Version;
        if (there != version)
        {
            throw new StateCellConflictException($"Cell '{name}' has version {there ?? "none"}, not {version ?? "none"}.");
        }
    }
}
