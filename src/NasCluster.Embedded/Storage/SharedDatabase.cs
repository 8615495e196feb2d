using Microsoft.Data.Sqlite;
using NasCluster.Core;

namespace NasCluster.Embedded.Storage;

/// <summary>An SQLite file that several programs may use at once, and whose newest entries are only work to do again where a power failure takes them.</summary>
internal static class SharedDatabase
{
    private const int LockPatience = 10; // seconds

    /// <summary>Opens one, making it where there is none.</summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <param name="application">The application id that its header has.</param>
    /// <param name="version">The version of its tables.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="tables">Makes its tables.</param>
    /// <exception cref="NasClusterException">The file is something else, damaged, of another version, or cannot be opened.</exception>
    public static SqliteConnection Open(string path, int application, int version, string what, string tables)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = LockPatience }.ToString());
            connection.Open();
            using (var transaction = connection.BeginTransaction(deferred: false))
            {
                Prepare(connection, path, application, version, what, tables);
                transaction.Commit();
            }

            RunDatabase.Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
            return connection;
        }
        catch (SqliteException exception)
        {
            connection?.Dispose();
            throw SqliteFailure.Describe(path, exception);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection, string path, int application, int version, string what, string tables)
    {
        if (RunDatabase.Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            RunDatabase.Execute(connection, $"PRAGMA application_id = {application}; PRAGMA user_version = {version}; {tables}");
            return;
        }

        if (RunDatabase.Number(connection, "PRAGMA application_id") is var found && found != application)
        {
            throw new NasClusterException($"'{path}' is an SQLite file, but no {what}: its application id is {found}.");
        }

        if (RunDatabase.Number(connection, "PRAGMA user_version") is var foundVersion && foundVersion != version)
        {
            throw new NasClusterException($"'{path}' has schema version {foundVersion}; this program knows version {version}.");
        }
    }
}
