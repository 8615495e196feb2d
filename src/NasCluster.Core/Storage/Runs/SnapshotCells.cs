using NasCluster.Core.Control;

namespace NasCluster.Core.Storage.Runs;

/// <summary>The two cells that hold snapshots by turns.</summary>
internal sealed class SnapshotCells(IStateCells cells)
{
    private readonly Placement?[] _placed = new Placement?[2];
    private UInt128? _current;

    /// <summary>Encodes a snapshot for the cell that is not current.</summary>
    /// <param name="snapshot">The snapshot; null for none.</param>
    /// <param name="current">The current one.</param>
    /// <param name="epoch">The owner's epoch.</param>
    /// <param name="owner">The owner.</param>
    /// <returns>What to put in place, and the mark that makes it current; null if it is current already, or older than that.</returns>
    public (Placement Cell, SnapshotMark Mark)? Place(ControllerSnapshot? snapshot, SnapshotMark? current, long epoch, string owner)
    {
        if (snapshot is null || snapshot.Position < current?.Position)
        {
            return null;
        }

        var record = RecordCodec.Encode(snapshot);
        if (_current == record.Digest())
        {
            return null;
        }

        _current = record.Digest();
        var slot = current is null ? 0 : 1 - current.Slot;
        var bytes = SegmentCodec.Encode(new Segment(slot, epoch, owner, 0, false, null, 1, record.ToFrame()));
        var cell = _placed[slot] = new Placement(NameOf(slot), bytes, _placed[slot]?.Version);
        return (cell, new SnapshotMark(slot, snapshot.Position, SegmentCodec.Checksum(bytes)));
    }

    /// <summary>Reads the current snapshot.</summary>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    /// <exception cref="NasClusterException">It is missing or damaged.</exception>
    public async ValueTask<ControllerSnapshot?> ReadAsync(SnapshotMark? current, CancellationToken cancellation)
    {
        if (current is null)
        {
            return null;
        }

        var name = NameOf(current.Slot);
        var cell = await cells.ReadAsync(name, cancellation).ConfigureAwait(false)
            ?? throw SegmentCodec.Damaged(name, "it is missing, though the log says that it holds the current snapshot");
        var segment = SegmentCodec.Decode(name, cell.Bytes);
        if (!SegmentCodec.Checksum(cell.Bytes).Span.SequenceEqual(current.Checksum.Span))
        {
            throw SegmentCodec.Damaged(name, "it holds another snapshot than the one the log calls current");
        }

        try
        {
            var record = SegmentCodec.Records(segment) is [{ Kind: RecordKind.Snapshot } only] ? only : throw new InvalidDataException("it does not hold one snapshot");
            var snapshot = RecordCodec.Snapshot(record);
            _current = record.Digest();
            return snapshot.Position == current.Position
                ? snapshot
                : throw new InvalidDataException($"its snapshot covers {snapshot.Position} outcomes, and {current.Position} by the log");
        }
        catch (InvalidDataException exception)
        {
            throw SegmentCodec.Damaged(name, exception.Message, exception);
        }
    }

    public static string NameOf(int slot) => slot == 0 ? "snapshot-0" : "snapshot-1";
}
