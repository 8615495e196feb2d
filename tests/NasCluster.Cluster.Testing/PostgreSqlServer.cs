using NasCluster.Testing;
using Npgsql;

namespace NasCluster.Cluster.Testing;

/// <summary>A running PostgreSQL with a database for Orleans.</summary>
/// <remarks>
/// <c>initdb</c> is taken from the PATH or from where Debian installs it, and the environment variable <c>NASCLUSTER_ORLEANS_SQL</c> names a folder with
/// <c>PostgreSQL-Main.sql</c>, <c>PostgreSQL-Clustering.sql</c> and <c>PostgreSQL-Persistence.sql</c> of Orleans; they are not ours to keep here.
/// </remarks>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Variable = "NASCLUSTER_ORLEANS_SQL";
    private const string Database = "orleans";
    private static readonly string[] Scripts = ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql", "PostgreSQL-Persistence.sql"];

    private readonly TemporaryDirectory _directory = new();

    private PostgreSqlServer(int port) => ConnectionString = $"Host=127.0.0.1;Port={port};Database={Database};Username=postgres";

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => $"{Variable} is not set; it names the folder of Orleans' PostgreSQL scripts.",
        var path when !Directory.Exists(path) => $"{Variable} is '{path}', which is not there; it names the folder of Orleans' PostgreSQL scripts.",
        _ => FindPrograms() is null ? "PostgreSQL (initdb) is not installed." : null,
    };

    public string ConnectionString { get; }

    /// <summary>Makes and starts one.</summary>
    /// <exception cref="NotSupportedException">It is <see cref="Missing"/>.</exception>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        if (Missing is not null)
        {
            throw new NotSupportedException(Missing);
        }

        var port = FreePorts.Take(1)[0];
        var server = new PostgreSqlServer(port);
        try
        {
            await server.StartAsync(port, Environment.GetEnvironmentVariable(Variable)!);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
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

    private async Task StartAsync(int port, string scripts)
    {
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root; its packages bring a user for it.
            await ChildProcess.RunAsync("chown", "postgres", _directory.Root);
        }

        await DoAsync("initdb", "-D", Data, "-A", "trust", "-U", "postgres", "-N");
        var options = $"-k {_directory.Root} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c max_connections=200";
        await DoAsync("pg_ctl", "start", "-w", "-D", Data, "-l", _directory.At("log"), "-o", options);

        await using (var connection = new NpgsqlConnection(ConnectionString.Replace($"Database={Database}", "Database=postgres", StringComparison.Ordinal)))
        {
            await ExecuteAsync(connection, $"create database {Database}");
        }

        foreach (var script in Scripts)
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await ExecuteAsync(connection, await File.ReadAllTextAsync(Path.Combine(scripts, script)));
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
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
