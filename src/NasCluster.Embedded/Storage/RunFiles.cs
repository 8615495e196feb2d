using NasCluster.Core;

namespace NasCluster.Embedded.Storage;

/// <summary>The files of a run directory.</summary>
internal static class RunFiles
{
    /// <summary>The full path of a directory as a user named it.</summary>
    /// <exception cref="NasClusterException">The name is empty.</exception>
    public static string FullPath(string directory) => string.IsNullOrWhiteSpace(directory)
        ? throw new NasClusterException("The run directory's name is empty; it must name a directory.")
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>The run itself.</summary>
    public static string Database(string directory) => Path.Combine(directory, "run.db");

    /// <summary>A run being created; renamed when it is whole.</summary>
    public static string NewDatabase(string directory) => Path.Combine(directory, "run.db.new");

    /// <summary>Locked by the process that owns the directory. Always empty, and left in place: removing it would race with others opening it.</summary>
    public static string Lock(string directory) => Path.Combine(directory, "run.lock");

    /// <summary>The owner's process id; meaningful only while the lock is held.</summary>
    public static string Owner(string directory) => Path.Combine(directory, "run.pid");

    /// <summary>Deletes a run and whatever SQLite keeps beside it.</summary>
    public static void DeleteRun(string directory)
    {
        foreach (var database in (string[])[NewDatabase(directory), Database(directory)])
        {
            foreach (var suffix in (string[])["", "-journal", "-wal", "-shm"])
            {
                File.Delete(database + suffix);
            }
        }
    }
}
