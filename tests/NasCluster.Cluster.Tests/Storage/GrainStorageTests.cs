using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core;
using NasCluster.Core.Storage;
using NasCluster.Silo.Configuration;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Storage;

/// <summary>What cells and run stores must do, in each storage that a silo can have.</summary>
[Collection(ServersCollection.Name)]
public sealed class GrainStorageTests(GrainStorageTests.Silos silos, Servers servers) : IClassFixture<GrainStorageTests.Silos>
{
    public static TheoryData<string, int> Cells => Contract.CasesOf<StateCellsContract>();

    public static TheoryData<string, int> Runs => Contract.CasesOf<StoreContract>();

    [Theory]
    [MemberData(nameof(Cells))]
    public Task Cells_InMemory_KeepTheContract(string test, int row) => CellsAsync(StorageProvider.Memory, test, row);

    [ServerTheory(Needs.Azurite)]
    [MemberData(nameof(Cells))]
    public Task Cells_InAzureBlobs_KeepTheContract(string test, int row) => CellsAsync(StorageProvider.AzureBlobs, test, row);

    [ServerTheory(Needs.PostgreSql)]
    [MemberData(nameof(Cells))]
    public Task Cells_InPostgreSql_KeepTheContract(string test, int row) => CellsAsync(StorageProvider.PostgreSql, test, row);

    [ServerTheory(Needs.OrleansScripts)]
    [MemberData(nameof(Cells))]
    public async Task Cells_InPostgreSqlOfOrleans_KeepTheContract(string test, int row) =>
        await Contract.RunAsync<StateCellsContract>(new GrainCellsContract(await silos.OfOrleansAsync(servers)), test, row);

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Runs_InMemory_KeepTheContract(string test, int row) => RunsAsync(StorageProvider.Memory, test, row);

    [ServerTheory(Needs.Azurite)]
    [MemberData(nameof(Runs))]
    public Task Runs_InAzureBlobs_KeepTheContract(string test, int row) => RunsAsync(StorageProvider.AzureBlobs, test, row);

    [ServerTheory(Needs.PostgreSql)]
    [MemberData(nameof(Runs))]
    public Task Runs_InPostgreSql_KeepTheContract(string test, int row) => RunsAsync(StorageProvider.PostgreSql, test, row);

    [Fact]
    public Task Owners_InMemory_NeverMeet() => OwnersAsync(StorageProvider.Memory);

    [ServerFact(Needs.Azurite)]
    public Task Owners_InAzureBlobs_NeverMeet() => OwnersAsync(StorageProvider.AzureBlobs);

    [ServerFact(Needs.PostgreSql)]
    public Task Owners_InPostgreSql_NeverMeet() => OwnersAsync(StorageProvider.PostgreSql);

    /// <summary>A search may have any name, that of a catalog too: its cells stay its own.</summary>
    private async Task OwnersAsync(StorageProvider provider)
    {
        var storage = (await silos.WithAsync(provider, servers)).Storage;
        IStateCells[] owners =
        [
            storage.OfCatalog, storage.OfContents, storage.OfSearch("0"), storage.OfSearch("catalog.0"), storage.OfSearch("search.0"), storage.OfSearch("catalog"),
            storage.OfCache(0), storage.OfCache(1), storage.OfSearch("cache.0"), storage.OfSearch("cache"),
        ];
        for (var i = 0; i < owners.Length; i++)
        {
            await owners[i].WriteAsync("cell", new[] { (byte)i }, null, default);
        }

        for (var i = 0; i < owners.Length; i++)
        {
            Assert.Equal([(byte)i], (await owners[i].ReadAsync("cell", default))!.Bytes.ToArray());
        }

        Assert.Throws<NasClusterException>(() => storage.OfSearch("../catalog.0"));
    }

    private async Task CellsAsync(StorageProvider provider, string test, int row) =>
        await Contract.RunAsync<StateCellsContract>(new GrainCellsContract(await silos.WithAsync(provider, servers)), test, row);

    private async Task RunsAsync(StorageProvider provider, string test, int row) =>
        await Contract.RunAsync<StoreContract>(new GrainRunStoreContract(await silos.WithAsync(provider, servers)), test, row);

    /// <summary>A silo per storage, started when the first test asks for it.</summary>
    public sealed class Silos : IAsyncLifetime
    {
        private readonly Dictionary<StorageProvider, StorageSilo> _silos = [];
        private StorageSilo? _ofOrleans;

        internal async Task<StorageSilo> WithAsync(StorageProvider provider, Servers servers) =>
            _silos.TryGetValue(provider, out var silo) ? silo : _silos[provider] = await StorageSilo.StartAsync(new StorageSettings
            {
                Provider = provider,
                ConnectionString = provider switch
                {
                    StorageProvider.AzureBlobs => await servers.AzuriteAsync(),
                    StorageProvider.PostgreSql => await servers.PostgreSqlAsync(),
                    _ => null,
                },
                Container = "storage-contract",
            });

        /// <summary>One over the tables of Orleans' own scripts.</summary>
        internal async Task<StorageSilo> OfOrleansAsync(Servers servers) =>
            _ofOrleans ??= await StorageSilo.StartAsync(new StorageSettings { Provider = StorageProvider.PostgreSql, ConnectionString = await servers.PostgreSqlOfOrleansAsync() });

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (var silo in _silos.Values.Concat(_ofOrleans is null ? [] : [_ofOrleans]))
            {
                await silo.DisposeAsync();
            }
        }
    }
}
