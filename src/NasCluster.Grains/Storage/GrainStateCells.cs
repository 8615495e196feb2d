using System.Diagnostics;
using NasCluster.Core.Storage;
using NasCluster.Core.Telemetry;
using Orleans.Storage;

namespace NasCluster.Grains.Storage;

/// <summary>Cells kept in a grain storage, each under a state name of its own.</summary>
/// <param name="storage">The storage.</param>
/// <param name="owner">Whose cells they are; the names of other owners are other cells.</param>
/// <param name="metrics">Told how long storage takes; null when nobody counts.</param>
public sealed class GrainStateCells(IGrainStorage storage, GrainId owner, SearchMetrics? metrics = null) : IStateCells
{
    /// <inheritdoc/>
    public async ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation)
    {
        StateCellName.ThrowIfInvalid(name);
        var state = new GrainState<CellState>();
        await Do(name, StorageOperation.Read, () => storage.ReadStateAsync(name, owner, state), cancellation);
        return state is { RecordExists: true, ETag: { } version, State: { } cell } ? new StateCell(cell.Bytes, version) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation)
    {
        StateCellName.ThrowIfInvalid(name);
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length, nameof(bytes));
        GrainState<CellState> state = new(new CellState { Bytes = bytes }, version) { RecordExists = version is not null };
        try
        {
            await Do(name, StorageOperation.Write, () => storage.WriteStateAsync(name, owner, state), cancellation);
        }
        catch (StateCellConflictException) when (version is null)
        {
            // Databases keep the version of a deleted cell, and take a new one only as its successor.
            var deleted = new GrainState<CellState>();
            await Do(name, StorageOperation.Read, () => storage.ReadStateAsync(name, owner, deleted), cancellation);
            if (deleted.RecordExists || deleted.ETag is null)
            {
                throw;
            }

            state = new(new CellState { Bytes = bytes }, deleted.ETag);
            await Do(name, StorageOperation.Write, () => storage.WriteStateAsync(name, owner, state), cancellation);
        }

        return state.ETag ?? throw new StateCellException($"{owner}, cell {name}: storage gave no version for what it wrote.");
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, string version, CancellationToken cancellation)
    {
        StateCellName.ThrowIfInvalid(name);
        var state = new GrainState<CellState>(new CellState(), version) { RecordExists = true };
        await Do(name, StorageOperation.Delete, () => storage.ClearStateAsync(name, owner, state), cancellation);
    }

    private async Task Do(string name, StorageOperation operation, Func<Task> call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // A storage that answers at once would never look.
        var began = Stopwatch.GetTimestamp();
        var isDone = false;
        try
        {
            await call().WaitAsync(cancellation);
            isDone = true;
        }
        catch (InconsistentStateException exception)
        {
            // Without the exception: this one may go as far as a client, which has no storage provider's types to read it with.
            throw new StateCellConflictException($"{owner}, cell {name}: somebody else has changed it ({exception.GetType().Name}).");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Providers throw whatever their client library does; all of it means that storage did not answer as it should.
            throw new StateCellException($"{owner}, cell {name}: {operation} failed: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
        }
        finally
        {
            metrics?.Stored(operation, Stopwatch.GetElapsedTime(began), isDone);
        }
    }
}
