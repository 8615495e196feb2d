using System.Net.Sockets;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>
/// The storage servers that tests need, each started when the first test asks for it and ended with the last. Where a server cannot be
/// had, the tests that need it are skipped and say why.
/// </summary>
/// <remarks>
/// <para>Azurite: the environment variable <c>NASCLUSTER_AZURITE</c> names its <c>azurite-blob</c> (npm package azurite, 3.35.0 was used).</para>
/// <para>
/// PostgreSQL: <c>initdb</c> is taken from the PATH or from where Debian installs it, and <c>NASCLUSTER_ORLEANS_SQL</c> names a folder with
/// <c>PostgreSQL-Main.sql</c>, <c>PostgreSQL-Clustering.sql</c> and <c>PostgreSQL-Persistence.sql</c> of Orleans; they are not ours to keep here.
/// </para>
/// </remarks>
public sealed class Servers : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private AzuriteServer? _azurite;
    private PostgreSqlServer? _postgreSql;

    /// <summary>Why there is no Azurite; null when there is one.</summary>
    internal static string? AzuriteMissing { get; } = Missing("NASCLUSTER_AZURITE", File.Exists, "Azurite's azurite-blob");

    /// <summary>Why there is no PostgreSQL; null when there is one.</summary>
    internal static string? PostgreSqlMissing { get; } =
        Missing("NASCLUSTER_ORLEANS_SQL", Directory.Exists, "the folder of Orleans' PostgreSQL scripts")
        ?? (PostgreSqlServer.Programs is null ? "PostgreSQL (initdb) is not installed." : null);

    /// <summary>The connection string of a running Azurite.</summary>
    internal async Task<string> AzuriteAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _azurite ??= await OwnAzuriteAsync();
            return _azurite.ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>An Azurite for one test, which ends it itself.</summary>
    internal static Task<AzuriteServer> OwnAzuriteAsync() => AzuriteServer.StartAsync(Environment.GetEnvironmentVariable("NASCLUSTER_AZURITE")!, FreePorts.Take(1)[0]);

    /// <summary>The connection string of a running PostgreSQL with Orleans' tables in it.</summary>
    internal async Task<string> PostgreSqlAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _postgreSql ??= await PostgreSqlServer.StartAsync(Environment.GetEnvironmentVariable("NASCLUSTER_ORLEANS_SQL")!);
            return _postgreSql.ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        if (_postgreSql is not null)
        {
            await _postgreSql.DisposeAsync();
        }
    }

    /// <summary>Waits until somebody listens on a port of this machine.</summary>
    internal static async Task ListeningAsync(int port, ChildProcess by)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync("127.0.0.1", port, patience.Token);
                return;
            }
            catch (SocketException) when (!by.HasExited)
            {
                await Task.Delay(50, patience.Token);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"The server ended with {by.ExitCode}:\n{by.Output}\n{by.Errors}");
            }
        }
    }

    private static string? Missing(string variable, Func<string, bool> exists, string what) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => $"{variable} is not set; it names {what}.",
        var path when !exists(path) => $"{variable} is '{path}', which is not there; it names {what}.",
        _ => null,
    };
}

/// <summary>Tests that share the servers, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<Servers>
{
    public const string Name = "servers";
}
