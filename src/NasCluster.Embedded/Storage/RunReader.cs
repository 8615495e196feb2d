using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Storage;

/// <summary>Looks at a run without owning it, even while another process carries it out.</summary>
/// <remarks>Each call sees everything that was durable when it was made. Not thread-safe.</remarks>
public sealed class RunReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _path;

    private RunReader(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>Opens the run of a directory.</summary>
    /// <param name="directory">The run directory; it may be read-only.</param>
    /// <exception cref="NasClusterException">The directory holds no run, or one that is damaged or of a newer version.</exception>
    public static RunReader Open(string directory)
    {
        directory = RunFiles.FullPath(directory);
        RunDirectory.RequireRun(directory);
        var path = RunFiles.Database(directory);
        try
        {
            return new RunReader(RunDatabase.Open(path, SqliteOpenMode.ReadOnly), path);
        }
        catch (RunStoreException exception) when (exception.InnerException is SqliteException cause && SqliteFailure.IsAboutWriting(cause))
        {
            // On read-only media SQLite cannot lay out the shared index of a write-ahead log. Without such a log the file is
            // complete, and nobody can be writing it.
            return HasWriteAheadLog(path)
                ? throw new NasClusterException(
                    $"{exception.Message.TrimEnd('.')}; the run was not closed, so reading it needs a directory that can be written, such as a copy.", exception)
                : new RunReader(RunDatabase.Open(path, SqliteOpenMode.ReadOnly, isImmutable: true), path);
        }
    }

    /// <summary>What the run is a run of.</summary>
    /// <exception cref="NasClusterException">The file cannot be read, or is damaged.</exception>
    public RunSpecification ReadSpecification() => RunRows.Specification(_connection, _path);

    /// <summary>Snapshot and outcome log, as a controller would resume from them; both of one moment.</summary>
    /// <exception cref="NasClusterException">The file cannot be read, or is damaged.</exception>
    public RecoveredState ReadRecoveredState()
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: true);
            return RunRows.Recovered(_connection, _path);
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Describe(_path, exception);
        }
    }

    /// <summary>The outcome log.</summary>
    /// <param name="from">First sequence number to read; a watcher passes how many it has seen.</param>
    /// <exception cref="NasClusterException">The file cannot be read, or is damaged.</exception>
    public IReadOnlyList<OutcomeRecord> ReadOutcomes(long from = 0) => RunRows.Outcomes(_connection, _path, from);

    /// <summary>The start log, by lease and then trial.</summary>
    /// <exception cref="NasClusterException">The file cannot be read, or is damaged.</exception>
    public IReadOnlyList<StartRecord> ReadStarts() => RunRows.Starts(_connection, _path);

    /// <summary>The history of the front's hypervolume, by sequence.</summary>
    /// <exception cref="NasClusterException">The file cannot be read, or is damaged.</exception>
    public IReadOnlyList<HypervolumePoint> ReadHypervolume() => RunRows.Hypervolume(_connection, _path);

    /// <summary>Values on the report set, by trial.</summary>
    /// <exception cref="NasClusterException">The file cannot be read, or is damaged.</exception>
    public IReadOnlyDictionary<TrialId, ImmutableArray<ObjectiveValue>> ReadReportValues() => RunRows.ReportValues(_connection, _path);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static bool HasWriteAheadLog(string path) => new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };
}
