namespace NasCluster.Cluster.Benchmarks.Hosting;

/// <summary>
/// A PostgreSQL server of this run with Orleans' tables. Environment variable <c>NASCLUSTER_ORLEANS_SQL</c> names the folder with Orleans'
/// scripts <c>PostgreSQL-Main.sql</c>, <c>-Clustering.sql</c> and <c>-Persistence.sql</c>; <c>NASCLUSTER_POSTGRESQL</c> the folder of the server's programs.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _log;
    private readonly string _data;

    private PostgresServer(string directory, int port)
    {
        _log = Path.Combine(directory, "postgresql.log");
        _data = Path.Combine(directory, "postgresql");
        ConnectionString = $"Host=127.0.0.1;Port={port};Database=orleans;Username=postgres";
    }

    public string ConnectionString { get; }

    private static string Programs => Environment.GetEnvironmentVariable("NASCLUSTER_POSTGRESQL") ?? "/usr/lib/postgresql/15/bin";

    public static async Task<PostgresServer> StartAsync(string directory)
    {
        var scripts = Environment.GetEnvironmentVariable("NASCLUSTER_ORLEANS_SQL")
            ?? throw new ArgumentException("Set NASCLUSTER_ORLEANS_SQL to the folder with Orleans' PostgreSQL scripts.");
        var port = FreePorts.Take(1)[0];
        var server = new PostgresServer(directory, port);
        Directory.CreateDirectory(server._data);
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            await ChildProcess.RunAsync(server._log, "chown", "postgres", server._data);
            await ChildProcess.RunAsync(server._log, "chmod", "a+rx", directory);
        }

        await server.RunAsync("initdb", "-D", server._data, "-A", "trust", "-U", "postgres", "--no-sync");
        await server.RunAsync(
            "pg_ctl", "-D", server._data, "-w", "-l", Path.Combine(server._data, "log"), "-o", $"-k {server._data} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off", "start");
        string[] to = ["-q", "-h", "127.0.0.1", "-p", $"{port}", "-U", "postgres", "-v", "ON_ERROR_STOP=1"];
        var psql = Path.Combine(Programs, "psql");
        await ChildProcess.RunAsync(server._log, psql, [.. to, "-c", "create database orleans"]);
        foreach (var script in new[] { "Main", "Clustering", "Persistence" })
        {
            await ChildProcess.RunAsync(server._log, psql, [.. to, "-d", "orleans", "-f", Path.Combine(scripts, $"PostgreSQL-{script}.sql")]);
        }

        return server;
    }

    public async ValueTask DisposeAsync() => await RunAsync("pg_ctl", "-D", _data, "-m", "immediate", "stop");

    private Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        string[] command = [Path.Combine(Programs, program), .. arguments];
        return Environment.UserName == "root"
            ? ChildProcess.RunAsync(_log, "setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", .. command])
            : ChildProcess.RunAsync(_log, command[0], command[1..]);
    }
}
