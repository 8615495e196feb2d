namespace NasCluster.Core.Storage.Runs;

/// <summary>One cell of a log.</summary>
/// <param name="Index">Its place among the log's cells, from 0.</param>
/// <param name="Epoch">How often the log had changed hands when this was written.</param>
/// <param name="Owner">Who wrote it.</param>
/// <param name="First">How many records are in the cells before it.</param>
/// <param name="IsSealed">Whether the log goes on in the next cell; without this, whatever is in the next cell was never part of the log.</param>
/// <param name="Snapshot">The snapshot that belongs to the log up to here; null for none.</param>
/// <param name="Count">How many records it holds.</param>
/// <param name="Body">Its records, each as <see cref="LogRecord.ToFrame"/> gives it.</param>
internal sealed record Segment(
    int Index, long Epoch, string Owner, long First, bool IsSealed, SnapshotMark? Snapshot, int Count, ReadOnlyMemory<byte> Body);

/// <summary>Which snapshot is the current one.</summary>
/// <param name="Slot">In which of the two cells for snapshots it is: 0 or 1.</param>
/// <param name="Position">How many outcomes it covers.</param>
/// <param name="Checksum">The last bytes of its cell, by which a snapshot that was never made current is told from it.</param>
internal sealed record SnapshotMark(int Slot, long Position, ReadOnlyMemory<byte> Checksum);
