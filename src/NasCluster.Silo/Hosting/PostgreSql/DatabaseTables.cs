using NasCluster.Core;
using NasCluster.Silo.Configuration;
using Npgsql;

namespace NasCluster.Silo.Hosting.PostgreSql;

/// <summary>Sees to it that PostgreSQL databases have the tables that a silo needs: those of <c>tables.sql</c>, unless Orleans' own are there.</summary>
internal static class DatabaseTables
{
    /// <summary>The version of the tables in <c>tables.sql</c>.</summary>
    internal const int Version = 1;

    /// <summary>Known to all silos, so that one of them makes the tables and the others wait.</summary>
    private const long AdvisoryLock = 0x6E61_735F_7461_626C;

    // Those without which the providers do not start.
    private static readonly string[] ClusteringStatements =
    [
        "CleanupDefunctSiloEntriesKey", "DeleteMembershipTableEntriesKey", "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey",
        "MembershipReadAllKey", "MembershipReadRowKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey",
    ];

    private static readonly string[] StorageStatements = ["ClearStorageKey", "ReadFromStorageKey", "WriteToStorageKey"];

    /// <summary>Prepares every database that settings name; once done, doing it again changes nothing and needs no right to.</summary>
    /// <returns>Per database, the settings that name it and whether its tables were made now.</returns>
    /// <exception cref="NasClusterException">A database does not answer, refuses, or holds something else.</exception>
    public static async Task<IReadOnlyList<(string Settings, bool IsNew)>> PrepareAsync(SiloSettings settings, CancellationToken cancellation)
    {
        var uses = new List<(string Section, string Database, string[] Statements)>();
        if (settings.Clustering.Provider == ClusteringProvider.PostgreSql)
        {
            uses.Add(("Clustering", settings.Clustering.ConnectionString!, ClusteringStatements));
        }

        if (settings.Storage.Provider == StorageProvider.PostgreSql)
        {
            uses.Add(("Storage", settings.Storage.ConnectionString!, StorageStatements));
        }

        var prepared = new List<(string, bool)>();
        foreach (var database in uses.GroupBy(use => use.Database))
        {
            var sections = string.Join(" and ", database.Select(use => use.Section));
            try
            {
                prepared.Add((sections, await PrepareAsync(database.Key, [.. database.SelectMany(use => use.Statements)], cancellation)));
            }
            catch (NasClusterException exception)
            {
                throw new NasClusterException($"{sections}: {exception.Message}", exception);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new NasClusterException(
                    $"{sections}: the database has no tables yet, and this user may not make them: {exception.MessageText}. "
                    + "Run 'nas-silo --prepare-database' once with the connection string of one who may.", exception);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException)
            {
                throw new NasClusterException($"{sections}: the database cannot be prepared: {exception.Message.ReplaceLineEndings(" ")}", exception);
            }
        }

        return prepared;
    }

    private static async Task<bool> PrepareAsync(string connectionString, string[] statements, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        if (await IsPreparedAsync(connection, statements, cancellation))
        {
            return false;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({AdvisoryLock})", cancellation);
        if (await IsPreparedAsync(connection, statements, cancellation))
        {
            return false;
        }

        await ExecuteAsync(connection, Script(), cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <exception cref="NasClusterException">There are tables, but none that serve.</exception>
    private static async Task<bool> IsPreparedAsync(NpgsqlConnection connection, string[] statements, CancellationToken cancellation)
    {
        if (!await HasTableAsync("orleansquery"))
        {
            return false;
        }

        if (await HasTableAsync("nas_schema")
            && await AskAsync<int>(connection, "select max(version) from nas_schema", cancellation) is var version and not Version)
        {
            throw new NasClusterException($"the database has tables of version {version}; this program knows version {Version}.");
        }

        await using var command = new NpgsqlCommand("select querykey from orleansquery", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var there = new HashSet<string>();
        while (await reader.ReadAsync(cancellation))
        {
            there.Add(reader.GetString(0));
        }

        var missing = statements.Where(statement => !there.Contains(statement)).ToArray();
        return missing.Length == 0
            ? true
            : throw new NasClusterException(
                $"table OrleansQuery of the database lacks {string.Join(", ", missing)}; apply all of Orleans' scripts, or give an empty database.");

        // Not by to_regclass: that answers from a cache, which would not know what somebody else has made while this transaction waited.
        Task<bool> HasTableAsync(string name) =>
            AskAsync<bool>(connection, $"select exists (select from pg_class where relname = '{name}' and pg_table_is_visible(oid))", cancellation);
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Script()
    {
        using var stream = typeof(DatabaseTables).Assembly.GetManifestResourceStream("tables.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
