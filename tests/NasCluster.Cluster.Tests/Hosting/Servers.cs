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

    /// <summary>The connection string of a running Azurite.</summary>
    internal async Task<string> AzuriteAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _azurite ??= await AzuriteServer.StartAsync();
            return _azurite.ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>The connection string of a running PostgreSQL with Orleans' tables in it.</summary>
    internal async Task<string> PostgreSqlAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _postgreSql ??= await PostgreSqlServer.StartAsync();
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
}

/// <summary>Tests that share the servers, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<Servers>
{
    public const string Name = "servers";
}
