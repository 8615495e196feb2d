using Microsoft.Data.Sqlite;
using NasCluster.Core.Control;

namespace NasCluster.Embedded.Storage;

/// <summary>Makes and opens a run's SQLite file.</summary>
internal static class RunDatabase
{
    /// <summary>Makes a new run under a temporary name and renames it when it is whole and durable.</summary>
    /// <exception cref="RunStoreException">It cannot be written; nothing is left of it.</exception>
    public static void Create(string directory, RunSpecification specification, DateTimeOffset at)
    {
        var path = RunFiles.NewDatabase(directory);
        Discard(path);
        try
        {
            // Journal mode DELETE, SQLite's default: the whole file is one synchronised file when the connection closes.
            using (var connection = Connect(path, SqliteOpenMode.ReadWriteCreate))
            {
                Execute(connection, "PRAGMA synchronous = FULL");
                using var transaction = connection.BeginTransaction();
                Execute(connection, RunSchema.Create);
                Execute(connection, "INSERT INTO specification (id, yaml, canonical, created_at) VALUES (1, $yaml, $canonical, $at)",
                    ("$yaml", specification.Yaml), ("$canonical", specification.Canonical), ("$at", RowFormat.Time(at)));
                foreach (var (name, value) in specification.Provenance)
                {
                    Execute(connection, "INSERT INTO provenance (name, value) VALUES ($name, $value)", ("$name", name), ("$value", value));
                }

                transaction.Commit();
            }

            File.Move(path, RunFiles.Database(directory), overwrite: false);
        }
        catch (SqliteException exception)
        {
            Discard(path);
            throw SqliteFailure.Describe(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard(path);
            throw new RunStoreException($"'{RunFiles.Database(directory)}' cannot be created: {exception.Message}", false, exception);
        }
    }

    /// <summary>Opens a file and makes sure it is a sound run of a version this program knows.</summary>
    /// <remarks>The caller has seen that the file exists. It is never opened other than through SQLite: closing any other handle
    /// would drop the locks SQLite holds on it in this process.</remarks>
    /// <exception cref="RunStoreException">It is not, or it cannot be opened.</exception>
    public static SqliteConnection Open(string path, SqliteOpenMode mode, bool isImmutable = false)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(isImmutable ? $"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1" : path, mode);
            CheckHeader(connection, path);
            CheckPages(connection, path);
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

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Connect(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false, // a pooled connection would keep the file open after the run is closed
            DefaultTimeout = 10, // seconds to wait for another program's lock
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void CheckHeader(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA page_count") == 0)
        {
            throw new RunStoreException($"'{path}' is not an SQLite file: it is empty or cut short.", true);
        }

        if (Number(connection, "PRAGMA application_id") is var application && application != RunSchema.ApplicationId)
        {
            throw new RunStoreException($"'{path}' is an SQLite file of another program: its application id is {application}, a run's is {RunSchema.ApplicationId}.", true);
        }

        var version = Number(connection, "PRAGMA user_version");
        if (version is < 1 or > RunSchema.Version)
        {
            throw new RunStoreException(
                $"'{path}' has schema version {version}; this program knows versions 1 to {RunSchema.Version}"
                + (version > RunSchema.Version ? ", so a newer program wrote it." : "."), true);
        }
    }

    private static void CheckPages(SqliteConnection connection, string path)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() is var answer && !Equals(answer, "ok"))
        {
            throw SqliteFailure.Damaged(path, $"{answer}");
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
            File.Delete(path + "-journal");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What keeps the file from being deleted is about to be reported by what needed it deleted.
        }
    }
}
