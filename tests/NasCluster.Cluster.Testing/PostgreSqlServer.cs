using NasCluster.Testing;
using Npgsql;

namespace NasCluster.Cluster.Testing;

/// <summary>A running PostgreSQL.</summary>
/// <remarks>
/// <c>initdb</c> is taken from the PATH or from where Debian installs it. The environment variable <c>NASCLUSTER_ORLEANS_SQL</c> may name a folder with
/// <c>PostgreSQL-Main.sql</c>, <c>PostgreSQL-Clustering.sql</c> and <c>PostgreSQL-Persistence.sql</c> of Orleans; they are not ours to keep here.
/// </remarks>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Variable = "NASCLUSTER_ORLEANS_SQL";
    private static readonly string[] Scripts = ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql", "PostgreSQL-Persistence.sql"];

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port;
    private int _databases;

    private PostgreSqlServer(int port) => _port = port;

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing { get; } = FindPrograms() is null ? "PostgreSQL (initdb) is not installed." : null;

    /// <summary>Why there are no scripts of Orleans; null when there are.</summary>
    public static string? ScriptsMissing { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => $"{Variable} is not set; it names the folder of Orleans' PostgreSQL scripts.",
        var path when !Directory.Exists(path) => $"{Variable} is '{path}', which is not there; it names the folder of Orleans' PostgreSQL scripts.",
        _ => null,
    };

    /// <summary>Makes and starts one.</summary>
    /// <exception cref="NotSupportedException">It is <see cref="Missing"/>.</exception>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        if (Missing is not null)
        {
            throw new NotSupportedException(Missing);
        }

        var server = new PostgreSqlServer(FreePorts.Take(1)[0]);
        try
        {
            await server.BeginAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"nascluster_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(ConnectionString("postgres"), $"create database {name}");
        return ConnectionString(name);
    }

    /// <summary>Makes a database with the tables of Orleans' own scripts.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseOfOrleansAsync()
    {
        var database = await NewDatabaseAsync();
        foreach (var script in Scripts)
        {
            await ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(Environment.GetEnvironmentVariable(Variable)!, script)));
        }

        return database;
    }

    /// <summary>Runs statements in a database.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await DoAsync("pg_ctl", "stop", "-D", Data, "-m", "immediate");
        }

        _directory.Dispose();
    }

    private string Data => _directory.At("data");

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Database={database};Username=postgres";

    private async Task BeginAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root; its packages bring a user for it.
            await ChildProcess.RunAsync("chown", "postgres", _directory.Root);
        }

        await DoAsync("initdb", "-D", Data, "-A", "trust", "-U", "postgres", "-N");
        var options = $"-k {_directory.Root} -p {_port} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c max_connections=200";
        await DoAsync("pg_ctl", "start", "-w", "-D", Data, "-l", _directory.At("log"), "-o", options);
    }

    private static Task DoAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(FindPrograms()!, program);
        return Environment.IsPrivilegedProcess
            ? ChildProcess.RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : ChildProcess.RunAsync(path, arguments);
    }

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var installed = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(installed).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }
}
