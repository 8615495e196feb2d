using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NasCluster.Core.Control;
using NasCluster.Core.Search;
using SQLitePCL;

namespace NasCluster.Embedded.Storage;

/// <summary>The run store of one machine: one SQLite file, written by one process at a time.</summary>
/// <remarks>
/// <para>
/// The journal is a write-ahead log with <c>synchronous = FULL</c>: each commit ends with one fsync of the log, after which it
/// survives a kill and a power failure, and readers in other processes never wait for the writer nor it for them. The classic
/// rollback journal gives the same durability for several fsyncs per commit. On a clean close the file goes back to the
/// classic journal, so that a run at rest is a single file, readable from read-only media.
/// </para>
/// <para>
/// After a failed write the connection is dropped and opened again by the next one, which settles what the failed one left behind.
/// </para>
/// <para>
/// The directory's lock keeps other processes out; where a file system does not honour locks, the session number does:
/// who opens a run raises it, and a write by an older session fails for good.
/// </para>
/// </remarks>
internal sealed class SqliteRunStore : IRunStore, IDisposable
{
    private readonly string _path;
    private readonly long _session;
    private SqliteConnection? _connection;
    private long? _maximumPages;

    /// <summary>Opens a run for writing; whoever had it open before can write no more.</summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="at">Now, for the list of sessions.</param>
    /// <exception cref="RunStoreException">It is no sound run, or cannot be written.</exception>
    public SqliteRunStore(string path, DateTimeOffset at)
    {
        _path = path;
        var connection = Connection();
        try
        {
            Specification = RunRows.Specification(connection, path);
            using var transaction = connection.BeginTransaction(deferred: false);
            _session = LatestSession(connection) + 1;
            RunDatabase.Execute(connection, "INSERT INTO sessions (session, process, host, opened_at) VALUES ($session, $process, $host, $at)",
                ("$session", _session), ("$process", Environment.ProcessId), ("$host", Environment.MachineName), ("$at", RowFormat.Time(at)));
            transaction.Commit();
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw SqliteFailure.Describe(path, exception);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public RunSpecification Specification { get; }

    /// <summary>A limit to the file's size, as a full disk would set it; null for none. Tests set it.</summary>
    internal long? MaximumPages
    {
        get => _maximumPages;
        set
        {
            _maximumPages = value;
            Drop();
        }
    }

    public ValueTask<RecoveredState> RecoverAsync(CancellationToken cancellation) => Read(RunRows.Recovered, cancellation);

    public ValueTask<IReadOnlyList<StartRecord>> ReadStartsAsync(CancellationToken cancellation) =>
        Read<IReadOnlyList<StartRecord>>((c, p) => RunRows.Starts(c, p), cancellation);

    public ValueTask<IReadOnlyList<HypervolumePoint>> ReadHypervolumeAsync(CancellationToken cancellation) =>
        Read<IReadOnlyList<HypervolumePoint>>((c, p) => RunRows.Hypervolume(c, p), cancellation);

    public ValueTask SaveAsync(SaveEffect save, CancellationToken cancellation) => Write(
        connection =>
        {
            foreach (var start in save.Starts)
            {
                Insert(connection, start);
            }

            var next = RunRows.OutcomeCount(connection);
            foreach (var outcome in save.Outcomes)
            {
                if (outcome.Sequence > next)
                {
                    throw Contradiction($"outcome {outcome.Sequence} would leave a gap after {next - 1}");
                }

                Insert(connection, outcome);
                next = Math.Max(next, outcome.Sequence + 1);
            }

            if (save.Snapshot is { } snapshot)
            {
                Replace(connection, snapshot, next);
            }
        },
        cancellation);

    public ValueTask SaveHypervolumeAsync(IReadOnlyList<HypervolumePoint> points, CancellationToken cancellation) => Write(
        connection =>
        {
            foreach (var point in points)
            {
                RunDatabase.Execute(connection,
                    "INSERT OR REPLACE INTO hypervolume (sequence, evaluations, reference_point, hypervolume) VALUES ($sequence, $evaluations, $reference, $hypervolume)",
                    ("$sequence", point.Sequence), ("$evaluations", point.Evaluations),
                    ("$reference", RowFormat.Doubles(point.ReferencePoint)), ("$hypervolume", RowFormat.Doubles([point.Hypervolume])));
            }
        },
        cancellation);

    /// <summary>What was recorded of the report set, by trial.</summary>
    /// <exception cref="RunStoreException">The store cannot be read, or what it holds is damaged.</exception>
    public ImmutableSortedDictionary<TrialId, ImmutableArray<ObjectiveValue>> ReadReportValues() => RunRows.ReportValues(Connection(), _path);

    /// <summary>Records values on the report set; a trial's earlier ones stay.</summary>
    /// <exception cref="RunStoreException">
    /// It failed, or a trial has no outcome with as many values; none of them is kept.
    /// </exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void SaveReportValues(IReadOnlyList<KeyValuePair<TrialId, ImmutableArray<ObjectiveValue>>> values) => Write(
        connection =>
        {
            foreach (var (trial, given) in values)
            {
                var of = EvaluationOutcome.Success(given).Values;
                if (RunRows.ValueCount(connection, _path, trial) is var count && count != of.Length)
                {
                    throw Contradiction($"trial {trial} has {of.Length} values on the report set and {(count is null ? "no outcome" : $"{count} on the search set")}");
                }

                RunDatabase.Execute(connection, "INSERT INTO report_values (trial, objective_values) VALUES ($trial, $values) ON CONFLICT (trial) DO NOTHING",
                    ("$trial", trial.Value), ("$values", RowFormat.Values(of)));
            }
        },
        CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose()
    {
        if (_connection is null)
        {
            return;
        }

        // Not by a command, which would wait for readers. Where one has the file open, or the disk is full, the write-ahead
        // log stays, and with it everything that was saved.
        _ = raw.sqlite3_exec(_connection.Handle, "PRAGMA journal_mode = DELETE");
        Drop();
    }

    private static long LatestSession(SqliteConnection connection) => RunDatabase.Number(connection, "SELECT coalesce(max(session), 0) FROM sessions");

    private ValueTask<T> Read<T>(Func<SqliteConnection, string, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(read(Connection(), _path));
    }

    private ValueTask Write(Action<SqliteConnection> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var connection = Connection();
            using var transaction = connection.BeginTransaction(deferred: false);
            if (LatestSession(connection) is var latest && latest != _session)
            {
                throw new RunTakenOverException($"'{_path}' was taken over by another process (session {latest}; this one is {_session}).");
            }

            write(connection);
            transaction.Commit();
            return ValueTask.CompletedTask;
        }
        catch (SqliteException exception)
        {
            Drop();
            throw SqliteFailure.Describe(_path, exception);
        }
        catch (RunStoreException)
        {
            Drop();
            throw;
        }
    }

    private void Insert(SqliteConnection connection, StartRecord start)
    {
        var inserted = RunDatabase.Execute(connection,
            "INSERT INTO starts (lease, trial, evaluator, at) VALUES ($lease, $trial, $evaluator, $at) ON CONFLICT (lease, trial) DO NOTHING",
            ("$lease", start.Lease.Value), ("$trial", start.Trial.Value), ("$evaluator", start.Evaluator.Value), ("$at", RowFormat.Time(start.At)));
        if (inserted == 0 && RunRows.StartAt(connection, _path, start.Lease, start.Trial) != start)
        {
            throw Contradiction($"lease {start.Lease} of trial {start.Trial} is recorded otherwise");
        }
    }

    private void Insert(SqliteConnection connection, OutcomeRecord record)
    {
        var inserted = RunDatabase.Execute(connection,
            """
            INSERT INTO outcomes (sequence, trial, genome, key, objective_values, violation, failure, source, at)
            VALUES ($sequence, $trial, $genome, $key, $values, $violation, $failure, $source, $at) ON CONFLICT (sequence) DO NOTHING
            """,
            ("$sequence", record.Sequence), ("$trial", record.Trial.Id.Value), ("$genome", RowFormat.GenomeText(record.Trial.Genome)),
            ("$key", record.Key.Value), ("$values", RowFormat.Values(record.Outcome.Values)),
            ("$violation", RowFormat.Doubles([record.Outcome.ConstraintViolation])), ("$failure", record.Outcome.Failure ?? (object)DBNull.Value),
            ("$source", RowFormat.SourceText(record.Source)), ("$at", RowFormat.Time(record.At)));
        if (inserted == 0 && RunRows.OutcomeAt(connection, _path, record.Sequence) != record)
        {
            throw Contradiction($"outcome {record.Sequence} is recorded otherwise");
        }
    }

    private void Replace(SqliteConnection connection, ControllerSnapshot snapshot, long outcomeCount)
    {
        if (snapshot.Position > outcomeCount)
        {
            throw Contradiction($"a snapshot of {snapshot.Position} outcomes is ahead of the log, which holds {outcomeCount}");
        }

        // A write that is sent again must not put an older state in place of a newer one.
        RunDatabase.Execute(connection,
            """
            INSERT INTO snapshot (id, position, next_lease, algorithm, version, state) VALUES (1, $position, $lease, $algorithm, $version, $state)
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, next_lease = excluded.next_lease,
                algorithm = excluded.algorithm, version = excluded.version, state = excluded.state
            WHERE excluded.position >= position
            """,
            ("$position", snapshot.Position), ("$lease", snapshot.NextLease), ("$algorithm", snapshot.Search.Algorithm),
            ("$version", snapshot.Search.Version), ("$state", snapshot.Search.Bytes.ToArray()));
    }

    private RunStoreException Contradiction(string what) => new($"'{_path}': the write contradicts what is recorded ({what}).", true);

    private SqliteConnection Connection()
    {
        if (_connection is not null)
        {
            return _connection;
        }

        var connection = RunDatabase.Open(_path, SqliteOpenMode.ReadWrite);
        try
        {
            // fullfsync counts on macOS alone, where an ordinary fsync leaves data in the drive's own cache.
            RunDatabase.Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1");
            if (_maximumPages is { } pages)
            {
                RunDatabase.Execute(connection, $"PRAGMA max_page_count = {pages}");
            }
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw SqliteFailure.Describe(_path, exception);
        }

        return _connection = connection;
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
