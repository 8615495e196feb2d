namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>
/// The storage servers that tests need, each started when the first test asks for it and ended with the last. Where a server cannot be
/// had (<see cref="AzuriteServer"/> and <see cref="PostgreSqlServer"/> say what it takes), the tests that need it are skipped and say why.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private AzuriteServer? _azurite;
    private PostgreSqlServer? _postgreSql;
    private string? _database;
    private string? _databaseOfOrleans;

    /// <summary>The connection string of a running Azurite.</summary>
    internal Task<string> AzuriteAsync() => OnceAsync(async () => (_azurite ??= await AzuriteServer.StartAsync()).ConnectionString);

    /// <summary>The connection string of a database that silos share.</summary>
    internal Task<string> PostgreSqlAsync() => OnceAsync(async () => _database ??= await (await ServerAsync()).NewDatabaseAsync());

    /// <summary>The connection string of a database that has the tables of Orleans' own scripts.</summary>
    internal Task<string> PostgreSqlOfOrleansAsync() => OnceAsync(async () => _databaseOfOrleans ??= await (await ServerAsync()).NewDatabaseOfOrleansAsync());

    /// <summary>The connection string of an empty database for one test.</summary>
    internal Task<string> EmptyPostgreSqlAsync() => OnceAsync(async () => await (await ServerAsync()).NewDatabaseAsync());

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

    private async Task<PostgreSqlServer> ServerAsync() => _postgreSql ??= await PostgreSqlServer.StartAsync();

    /// <summary>One at a time.</summary>
    private async Task<string> OnceAsync(Func<Task<string>> start)
    {
        await _starting.WaitAsync();
        try
        {
            return await start();
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>Tests that share the servers, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<Servers>
{
    public const string Name = "servers";
}
