using NasCluster.Core.Control;

namespace NasCluster.Core.Storage.Runs;

/// <summary>An append-only log in numbered cells, of which only the last, the tail, is ever written again.</summary>
/// <remarks>
/// <para>
/// The log is a chain: cell 0, and the next one for as long as a cell says that it is sealed. What lies beyond the first unsealed cell
/// was never part of the log. Every commit is one conditional write of the tail: either records are appended to it, or, where they
/// do not fit, cells with the further records are put in place first and the commit seals the tail, which brings all of them into
/// the log at once. So a write of any size is all or none, and a write that was interrupted leaves nothing that a reader sees.
/// </para>
/// <para>
/// Whoever takes the log over writes the tail with a higher epoch. From then on a commit of anyone before him finds another version
/// of the tail, however late it arrives, and cells that such a one has put in place, or tries to replace, are told by their epoch:
/// lower ones are left-overs, higher ones mean that the log has gone on without him.
/// </para>
/// <para>
/// A commit whose end is unknown is kept and done again, byte for byte, before anything else is written. That is why a late copy
/// of it can do no harm, and why finding one's own bytes in a cell after a conflict means that the write had happened.
/// </para>
/// </remarks>
internal sealed class CellLog(IStateCells cells, string prefix, string owner, int segmentBytes)
{
    private const int Parallelism = 8;
    private const int Attempts = 20;

    private Segment? _tail;
    private string? _tailVersion;

    // Sealed cells read by a call that failed further on. They never change, so the next call goes on from there: a long log could
    // otherwise not be read at all while storage fails now and then.
    private List<Segment> _read = [];
    private long _claimed;
    private PendingCommit? _pending;
    private string? _lost;

    /// <summary>Whether this log was taken over by this owner.</summary>
    public bool IsOwned => _tail is not null;

    /// <summary>The epoch of this owner.</summary>
    public long Epoch => Tail.Epoch;

    /// <summary>The current snapshot, as far as this owner knows.</summary>
    public SnapshotMark? Snapshot => Tail.Snapshot;

    private Segment Tail => _tail ?? throw new InvalidOperationException("The log is not owned yet.");

    public static string NameOf(string prefix, int index) => $"{prefix}-{index:D8}";

    /// <summary>Reads the whole chain; several cells ahead, because each takes a round trip.</summary>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    /// <exception cref="NasClusterException">The log is damaged, or of a newer program.</exception>
    public async ValueTask<List<Segment>> ReadAsync(CancellationToken cancellation)
    {
        var chain = _read;
        _ = await ReadOnAsync(chain, cancellation).ConfigureAwait(false);
        _read = [];
        return chain;
    }

    /// <summary>Takes the log over, and reads it.</summary>
    /// <param name="epoch">Under which epoch; null for one above every earlier one.</param>
    /// <param name="cancellation">Gives up; the log may have been taken over all the same.</param>
    /// <exception cref="RunTakenOverException">The epoch is over: somebody else took over since.</exception>
    /// <exception cref="StateCellException">Storage did not answer, or others took over each time.</exception>
    /// <exception cref="NasClusterException">The log is damaged, or of a newer program.</exception>
    public async ValueTask<List<Segment>> ClaimAsync(long? epoch, CancellationToken cancellation)
    {
        ThrowIfLost();
        var chain = _read;
        for (var attempt = 1; ; attempt++)
        {
            var version = await ReadOnAsync(chain, cancellation).ConfigureAwait(false);
            var tail = chain.Count > 0 ? chain[^1] : null;
            if (tail is not null && tail.Epoch == _claimed && tail.Owner == owner)
            {
                // An earlier attempt of this object, whose end was not known.
                (_tail, _tailVersion, _read) = (tail, version, []);
                return chain;
            }

            if (tail is not null && epoch <= tail.Epoch)
            {
                throw Lost(tail);
            }

            _claimed = epoch ?? (tail?.Epoch ?? 0) + 1;
            var fenced = tail is null
                ? new Segment(0, _claimed, owner, 0, false, null, 0, ReadOnlyMemory<byte>.Empty)
                : tail with { Epoch = _claimed, Owner = owner };
            try
            {
                chain.RemoveRange(fenced.Index, chain.Count - fenced.Index);
                _tailVersion = await cells.WriteAsync(NameOf(prefix, fenced.Index), SegmentCodec.Encode(fenced), version, cancellation).ConfigureAwait(false);
                (_tail, _read) = (fenced, []);
                chain.Add(fenced);
                return chain;
            }
            catch (StateCellConflictException) when (attempt < Attempts)
            {
                // The owner so far wrote in between; the tail is read again.
            }
        }
    }

    /// <summary>Reads the log as it is now, and sees that it still belongs to this owner.</summary>
    /// <exception cref="RunTakenOverException">It does not.</exception>
    public async ValueTask<List<Segment>> ReadOwnAsync(CancellationToken cancellation)
    {
        var chain = await ReadAsync(cancellation).ConfigureAwait(false);
        if (chain.Count == 0)
        {
            throw Lost(null);
        }

        return chain[^1].Epoch == Epoch && chain[^1].Owner == owner ? chain : throw Lost(chain[^1]);
    }

    /// <summary>Prepares a commit; nothing is written before <see cref="CommitAsync"/>.</summary>
    /// <param name="records">Records to append, in order.</param>
    /// <param name="snapshot">The snapshot that belongs to the log with them.</param>
    /// <param name="before">A cell the commit refers to, to be put in place before it; null for none.</param>
    public void Stage(IReadOnlyList<LogRecord> records, SnapshotMark? snapshot, Placement? before)
    {
        if (_pending is not null)
        {
            throw new InvalidOperationException("A commit is pending; it must be done first.");
        }

        var segments = SegmentPacker.Pack(Tail with { Snapshot = snapshot }, records, segmentBytes);
        var placements = segments.Skip(1).Select(segment => new Placement(NameOf(prefix, segment.Index), SegmentCodec.Encode(segment), null)).ToList();
        if (before is not null)
        {
            placements.Add(before);
        }

        _pending = new PendingCommit(placements, SegmentCodec.Encode(segments[0]), segments[^1]);
    }

    /// <summary>Makes what was staged durable; does nothing if nothing is.</summary>
    /// <exception cref="RunTakenOverException">Another owner took over.</exception>
    /// <exception cref="StateCellException">Storage failed; the commit stays pending, and may have happened.</exception>
    public async ValueTask CommitAsync(CancellationToken cancellation)
    {
        ThrowIfLost();
        if (_pending is not { } pending)
        {
            return;
        }

        foreach (var batch in pending.Placements.Where(placement => !placement.IsDone).Chunk(Parallelism))
        {
            await Task.WhenAll(batch.Select(placement => PlaceAsync(placement, cancellation))).ConfigureAwait(false);
        }

        var version = await WriteTailAsync(pending.Commit, cancellation).ConfigureAwait(false);

        // The new tail is the old one rewritten, or the last of the cells put in place.
        _tailVersion = pending.Tail.Index == Tail.Index ? version : pending.Placements[pending.Tail.Index - Tail.Index - 1].Version;
        _tail = pending.Tail;
        _pending = null;
    }

    private async Task<string> WriteTailAsync(byte[] bytes, CancellationToken cancellation)
    {
        var name = NameOf(prefix, Tail.Index);
        try
        {
            return await cells.WriteAsync(name, bytes, _tailVersion, cancellation).ConfigureAwait(false);
        }
        catch (StateCellConflictException)
        {
            var there = await cells.ReadAsync(name, cancellation).ConfigureAwait(false);
            if (there is null)
            {
                throw Lost(null);
            }

            if (there.Bytes.Span.SequenceEqual(bytes))
            {
                return there.Version;
            }

            if (there.Version == _tailVersion)
            {
                // Storage spoke of a conflict where there is none, as some do when they are overloaded.
                throw;
            }

            throw Lost(SegmentCodec.Decode(name, there.Bytes));
        }
    }

    private async Task PlaceAsync(Placement placement, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                placement.Version = await cells.WriteAsync(placement.Name, placement.Bytes, placement.Version, cancellation).ConfigureAwait(false);
                break;
            }
            catch (StateCellConflictException)
            {
                var there = await cells.ReadAsync(placement.Name, cancellation).ConfigureAwait(false);
                if (there is not null && there.Bytes.Span.SequenceEqual(placement.Bytes))
                {
                    placement.Version = there.Version;
                    break;
                }

                if (there is not null)
                {
                    var segment = SegmentCodec.Decode(placement.Name, there.Bytes);
                    if (segment.Epoch > Epoch || (segment.Epoch == Epoch && segment.Owner != owner))
                    {
                        throw Lost(segment);
                    }
                }

                // A left-over of a commit that never was.
                placement.Version = there?.Version;
                if (attempt >= Attempts)
                {
                    throw;
                }
            }
        }

        placement.IsDone = true;
    }

    /// <summary>Appends to a chain the cells that follow it.</summary>
    /// <returns>The version of the last one; null if the log has no cell.</returns>
    private async ValueTask<string?> ReadOnAsync(List<Segment> chain, CancellationToken cancellation)
    {
        for (var ahead = 1; ; ahead = Math.Min(2 * ahead, Parallelism))
        {
            var reads = Enumerable.Range(chain.Count, ahead)
                .Select(index => cells.ReadAsync(NameOf(prefix, index), cancellation).AsTask())
                .ToArray();

            // Each is looked at on its own: those beyond the tail may fail, and those before one that failed are not in vain.
            await ((Task)Task.WhenAll(reads)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (var i = 0; i < reads.Length; i++)
            {
                var name = NameOf(prefix, chain.Count);
                var cell = await reads[i].ConfigureAwait(false);
                var segment = cell is null ? null : SegmentCodec.Decode(name, cell.Bytes);
                if (segment is null && chain.Count == 0)
                {
                    return null;
                }

                if (WhyNotNext(segment, chain) is { } reason)
                {
                    if (i == 0)
                    {
                        throw SegmentCodec.Damaged(name, reason);
                    }

                    // It may have been read before the cell in front of it was sealed; read again, it must be right.
                    ahead = 1;
                    break;
                }

                chain.Add(segment!);
                if (!segment!.IsSealed)
                {
                    return cell!.Version;
                }
            }
        }
    }

    private static string? WhyNotNext(Segment? segment, List<Segment> chain)
    {
        var before = chain.Count > 0 ? chain[^1] : null;
        if (segment is null)
        {
            return "it is missing, though the cell before it says that the log goes on";
        }

        return segment.Index == chain.Count && segment.First == (before is null ? 0 : before.First + before.Count) && segment.Epoch >= (before?.Epoch ?? 1)
            ? null
            : $"it is cell {segment.Index} of epoch {segment.Epoch} with {segment.First} records before it, which does not follow from the cells before it";
    }

    private void ThrowIfLost()
    {
        if (_lost is not null)
        {
            throw new RunTakenOverException(_lost);
        }
    }

    private RunTakenOverException Lost(Segment? by)
    {
        // For good: an owner that has missed something must never write again, even if it could read what it missed.
        _lost = by is null
            ? $"The run was deleted while '{owner}' wrote to it."
            : $"The run was taken over by another, '{by.Owner}' (epoch {by.Epoch}); '{owner}' may write to it no more.";
        return new RunTakenOverException(_lost);
    }

    private sealed record PendingCommit(List<Placement> Placements, byte[] Commit, Segment Tail);
}
