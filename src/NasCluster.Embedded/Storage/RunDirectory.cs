using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Storage;

/// <summary>A directory that holds one run, owned by this process until it is disposed of or the process ends.</summary>
public sealed class RunDirectory : IDisposable
{
    private readonly RunLock _lock;
    private readonly SqliteRunStore _store;

    private RunDirectory(string path, RunLock runLock, SqliteRunStore store)
    {
        FullPath = path;
        _lock = runLock;
        _store = store;
    }

    /// <summary>The directory's full path.</summary>
    public string FullPath { get; }

    /// <summary>What the run is a run of, as it was given when the run was created.</summary>
    public RunSpecification Specification => _store.Specification;

    /// <summary>The run's logs and snapshot.</summary>
    public IRunStore Store => _store;

    /// <summary>Makes a new run and takes ownership of it.</summary>
    /// <param name="path">The directory; it is made if it is not there, and may hold other files, but no run.</param>
    /// <param name="specification">What the run is a run of.</param>
    /// <param name="time">The clock, for the record of when it was made.</param>
    /// <exception cref="NasClusterException">
    /// The directory cannot be made or written, holds a run, or is in use. No run is left half-made.
    /// </exception>
    public static RunDirectory Create(string path, RunSpecification specification, TimeProvider time)
    {
        path = RunFiles.FullPath(path);
        var isNewDirectory = Make(path);
        var runLock = RunLock.Take(path);
        var isNewRun = false;
        try
        {
            RequireNoRun(path);
            isNewRun = true;
            RunDatabase.Create(path, specification, time.GetUtcNow());
            return new RunDirectory(path, runLock, new SqliteRunStore(RunFiles.Database(path), time.GetUtcNow()));
        }
        catch
        {
            Undo(path, isNewRun, isNewDirectory, runLock);
            throw;
        }
    }

    /// <summary>Takes ownership of a run that is there.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="time">The clock, for the record of when it was opened.</param>
    /// <exception cref="NasClusterException">
    /// The directory holds no run, is in use or not writable; or its run is damaged or of a newer version.
    /// </exception>
    public static RunDirectory Open(string path, TimeProvider time)
    {
        path = RunFiles.FullPath(path);
        RequireRun(path);
        if (!File.Exists(RunFiles.Lock(path)))
        {
            // Not made here, or copied without its lock. Nothing is put beside a file before it is known to be a run.
            RunReader.Open(path).Dispose();
        }

        var runLock = RunLock.Take(path);
        try
        {
            return new RunDirectory(path, runLock, new SqliteRunStore(RunFiles.Database(path), time.GetUtcNow()));
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    /// <summary>Values on the report set, which the search never saw, by trial.</summary>
    /// <exception cref="NasClusterException">The run cannot be read.</exception>
    public ImmutableSortedDictionary<TrialId, ImmutableArray<ObjectiveValue>> ReadReportValues() => _store.ReadReportValues();

    /// <summary>Records values on the report set; a trial's earlier ones stay.</summary>
    /// <param name="values">One value per objective for each trial, which must have an outcome with values.</param>
    /// <exception cref="NasClusterException">It failed, or a trial has no such outcome; none of them is kept.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void SaveReportValues(IReadOnlyList<KeyValuePair<TrialId, ImmutableArray<ObjectiveValue>>> values) => _store.SaveReportValues(values);

    /// <inheritdoc/>
    public void Dispose()
    {
        _store.Dispose();
        _lock.Dispose();
    }

    /// <summary>Fails where <see cref="Create"/> would for there being a run already: to be asked before anything slow.</summary>
    /// <param name="path">The directory; it need not be there.</param>
    /// <exception cref="NasClusterException">It holds a run, or its name is empty.</exception>
    public static void RequireNoRun(string path)
    {
        path = RunFiles.FullPath(path);
        if (File.Exists(RunFiles.Database(path)))
        {
            throw new NasClusterException($"Run directory '{path}' holds a run already; resume it, or choose another directory for a new one.");
        }
    }

    internal static void RequireRun(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new NasClusterException($"There is no run directory '{path}'.");
        }

        if (!File.Exists(RunFiles.Database(path)))
        {
            throw new NasClusterException($"Directory '{path}' holds no run: there is no {Path.GetFileName(RunFiles.Database(path))} in it.");
        }
    }

    private static bool Make(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"Run directory '{path}' cannot be made: {exception.Message}", exception);
        }
    }

    /// <summary>Takes back a creation that failed. Only the owner of the lock may: without it the run could be another's.</summary>
    private static void Undo(string path, bool isNewRun, bool isNewDirectory, RunLock runLock)
    {
        try
        {
            if (isNewRun)
            {
                RunFiles.DeleteRun(path);
            }

            runLock.Dispose();
            if (isNewRun && isNewDirectory)
            {
                File.Delete(RunFiles.Lock(path));
                Directory.Delete(path, recursive: false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
        finally
        {
            runLock.Dispose();
        }
    }
}
