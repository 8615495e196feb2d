using System.Collections.Immutable;
using NasCluster.Core.Control;

namespace NasCluster.Core.Storage.Runs;

/// <summary>The run store of a cluster: one search over the cells of whatever storage the cluster has.</summary>
/// <remarks>
/// <para>
/// Starts and outcomes are in one append-only log of numbered cells, <c>log-00000000</c> and on; each save is one conditional write of the
/// last of them, and now and then one more for a further cell. Snapshots are in two cells by turns: the one that is not current is
/// written first, and the write to the log makes it current, so that a save with a snapshot is all or none too. The history of
/// hypervolume is a second log, <c>history-00000000</c> and on, where the latest point of a sequence counts.
/// </para>
/// <para>
/// The first call that recovers or writes takes the run over: whoever had it before fails for good at his next write. A save that
/// failed without being refused is finished, as it was, by the next call that writes or recovers, before that does anything else.
/// </para>
/// </remarks>
public sealed class CellRunStore : IRunStore
{
    // The last cell is written whole with every save, so it is kept small; the others are read several at a time.
    private const int SegmentBytes = 32 << 10;

    private readonly string _owner;
    private readonly CellLog _log;
    private readonly CellLog _history;
    private readonly SnapshotCells _snapshots;
    private readonly Dictionary<long, UInt128> _points = [];
    private RunIndex? _index;

    /// <summary>Makes a store; nothing is read or written yet.</summary>
    /// <param name="cells">The cells of this search alone.</param>
    /// <param name="owner">Who writes, for the record and for messages: a name that no other store object was ever given, such as one of an activation.</param>
    public CellRunStore(IStateCells cells, string owner)
        : this(cells, owner, SegmentBytes)
    {
    }

    /// <summary>As the other, with another size of the log's cells, for tests.</summary>
    internal CellRunStore(IStateCells cells, string owner, int segmentBytes)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentException.ThrowIfNullOrWhiteSpace(owner);
        _owner = owner;
        _log = new CellLog(cells, "log", owner, segmentBytes);
        _history = new CellLog(cells, "history", owner, segmentBytes);
        _snapshots = new SnapshotCells(cells);
    }

    /// <inheritdoc/>
    public ValueTask<RecoveredState> RecoverAsync(CancellationToken cancellation) => StoreFailure.Describe(async () =>
    {
        await _log.CommitAsync(cancellation).ConfigureAwait(false);
        var (recovered, _) = await LoadAsync(cancellation).ConfigureAwait(false);
        return recovered;
    });

    /// <inheritdoc/>
    public ValueTask SaveAsync(SaveEffect save, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(save);
        return StoreFailure.Describe(async () =>
        {
            await _log.CommitAsync(cancellation).ConfigureAwait(false);
            var index = await OwnAsync(cancellation).ConfigureAwait(false);
            var added = index.NewOf(save);
            var placement = _snapshots.Place(save.Snapshot, _log.Snapshot, _log.Epoch, _owner);
            if (added.Records.Count > 0 || placement is not null)
            {
                _log.Stage(added.Records, placement?.Mark ?? _log.Snapshot, placement?.Cell);

                // Before the commit: from here on it will be finished, or this object will never write again.
                index.Add(added);
                await _log.CommitAsync(cancellation).ConfigureAwait(false);
            }
        });
    }

    /// <inheritdoc/>
    public ValueTask SaveHypervolumeAsync(IReadOnlyList<HypervolumePoint> points, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(points);
        return StoreFailure.Describe(async () =>
        {
            await _history.CommitAsync(cancellation).ConfigureAwait(false);
            await OwnHistoryAsync(cancellation).ConfigureAwait(false);
            var added = new List<LogRecord>();
            foreach (var point in points)
            {
                var record = RecordCodec.Encode(point);
                var digest = record.Digest();
                if (!_points.TryGetValue(point.Sequence, out var known) || known != digest)
                {
                    _points[point.Sequence] = digest;
                    added.Add(record);
                }
            }

            if (added.Count > 0)
            {
                _history.Stage(added, null, null);
                await _history.CommitAsync(cancellation).ConfigureAwait(false);
            }
        });
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StartRecord>> ReadStartsAsync(CancellationToken cancellation) => StoreFailure.Describe<IReadOnlyList<StartRecord>>(async () =>
    {
        var chain = await _log.ReadAsync(cancellation).ConfigureAwait(false);
        return [.. RunRecords.Read(chain).Starts.OrderBy(start => start.Lease.Value).ThenBy(start => start.Trial.Value)];
    });

    /// <summary>The outcome log, in order from 0, without taking the run over: for those who only watch it.</summary>
    /// <exception cref="RunStoreException">Storage cannot be read, or what it holds is damaged.</exception>
    public ValueTask<IReadOnlyList<OutcomeRecord>> ReadOutcomesAsync(CancellationToken cancellation) => StoreFailure.Describe<IReadOnlyList<OutcomeRecord>>(
        async () => RunRecords.Read(await _log.ReadAsync(cancellation).ConfigureAwait(false)).Outcomes);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HypervolumePoint>> ReadHypervolumeAsync(CancellationToken cancellation) => StoreFailure.Describe<IReadOnlyList<HypervolumePoint>>(async () =>
    {
        var points = new SortedDictionary<long, HypervolumePoint>();
        foreach (var point in RunRecords.ReadHistory(await _history.ReadAsync(cancellation).ConfigureAwait(false)))
        {
            points[point.Sequence] = point;
        }

        return points.Values.ToImmutableArray();
    });

    /// <summary>Deletes a run; whoever owns it fails for good at his next write. One that was interrupted is finished by the next.</summary>
    /// <param name="cells">The cells of the run.</param>
    /// <param name="cancellation">Gives up half-way.</param>
    /// <exception cref="RunStoreException">Storage failed.</exception>
    public static ValueTask DeleteAsync(IStateCells cells, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return StoreFailure.Describe(() => RunDeletion.RunAsync(cells, cancellation));
    }

    private async ValueTask<RunIndex> OwnAsync(CancellationToken cancellation) =>
        _index ?? (await LoadAsync(cancellation).ConfigureAwait(false)).Index;

    private async ValueTask<(RecoveredState Recovered, RunIndex Index)> LoadAsync(CancellationToken cancellation)
    {
        var chain = _log.IsOwned
            ? await _log.ReadOwnAsync(cancellation).ConfigureAwait(false)
            : await _log.ClaimAsync(null, cancellation).ConfigureAwait(false);
        var records = RunRecords.Read(chain);
        var index = records.ToIndex();

        ControllerSnapshot? snapshot;
        try
        {
            snapshot = await _snapshots.ReadAsync(_log.Snapshot, cancellation).ConfigureAwait(false);
            if (snapshot?.Position > index.Outcomes)
            {
                throw new NasClusterException($"The run is damaged: its snapshot covers {snapshot.Position} outcomes, but the log holds {index.Outcomes}.");
            }
        }
        catch (NasClusterException exception) when (exception is not StateCellException)
        {
            // Whoever has taken the run over since may have made other snapshots current: then it is not damaged, but somebody else's.
            _ = await _log.ReadOwnAsync(cancellation).ConfigureAwait(false);
            throw;
        }

        _index = index;
        return (new RecoveredState(snapshot, Math.Max(index.NextLease, snapshot?.NextLease ?? 0), records.Outcomes), index);
    }

    private async ValueTask OwnHistoryAsync(CancellationToken cancellation)
    {
        _ = await OwnAsync(cancellation).ConfigureAwait(false);
        if (!_history.IsOwned)
        {
            // Under the epoch of the log, so that an earlier owner who comes late cannot take the history from a later one.
            foreach (var point in RunRecords.ReadHistory(await _history.ClaimAsync(_log.Epoch, cancellation).ConfigureAwait(false)))
            {
                _points[point.Sequence] = RecordCodec.Encode(point).Digest();
            }
        }
    }
}
