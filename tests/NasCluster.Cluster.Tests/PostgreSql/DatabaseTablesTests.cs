using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting.PostgreSql;

namespace NasCluster.Cluster.Tests.PostgreSql;

/// <summary>Databases are given the tables that silos need, once, whoever asks and however many at a time.</summary>
[Collection(ServersCollection.Name)]
public sealed class DatabaseTablesTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [ServerFact(Needs.PostgreSql)]
    public async Task Prepare_ManyAtOnce_MakesTheTablesOnce()
    {
        var settings = Clustering(await servers.EmptyPostgreSqlAsync());

        var prepared = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => DatabaseTables.PrepareAsync(settings, default)));

        Assert.Single(prepared, p => p.Single().IsNew);
    }

    [ServerFact(Needs.PostgreSql)]
    public async Task Prepare_OneDatabaseForBoth_IsSaidOnce()
    {
        var database = await servers.EmptyPostgreSqlAsync();

        Assert.Equal([("Clustering and Storage", true)], await DatabaseTables.PrepareAsync(Both(database, database), default));
    }

    [ServerFact(Needs.PostgreSql)]
    public async Task Prepare_TwoDatabases_PreparesEach() => Assert.Equal(
        [("Clustering", true), ("Storage", true)],
        await DatabaseTables.PrepareAsync(Both(await servers.EmptyPostgreSqlAsync(), await servers.EmptyPostgreSqlAsync()), default));

    [Fact]
    public async Task Prepare_NoDatabase_DoesNothing() => Assert.Empty(await DatabaseTables.PrepareAsync(new SiloSettings(), default));

    [ServerFact(Needs.PostgreSql)]
    public async Task Prepare_TablesOfAnotherVersion_Refuses()
    {
        var database = await servers.EmptyPostgreSqlAsync();
        await DatabaseTables.PrepareAsync(Clustering(database), default);
        await PostgreSqlServer.ExecuteAsync(database, "update nas_schema set version = 2");

        Assert.Equal("Clustering: the database has tables of version 2; this program knows version 1.", await RefusalAsync(Clustering(database)));
    }

    [ServerFact(Needs.PostgreSql)]
    public async Task Prepare_SomeOfOrleansStatements_NamesWhatIsMissing()
    {
        var database = await servers.EmptyPostgreSqlAsync();
        await PostgreSqlServer.ExecuteAsync(
            database, "create table OrleansQuery (QueryKey text, QueryText text); insert into OrleansQuery values ('ReadFromStorageKey', 'select 1'), ('WriteToStorageKey', 'select 1')");

        Assert.Contains(
            "table OrleansQuery of the database lacks ClearStorageKey;",
            await RefusalAsync(new SiloSettings { Storage = new StorageSettings { Provider = StorageProvider.PostgreSql, ConnectionString = database } }),
            StringComparison.Ordinal);
    }

    [ServerFact(Needs.OrleansScripts)]
    public async Task Prepare_TablesOfOrleans_LeavesThem()
    {
        var database = await servers.PostgreSqlOfOrleansAsync();

        Assert.Equal([("Clustering and Storage", false)], await DatabaseTables.PrepareAsync(Both(database, database), default));
    }

    /// <summary>Whoever may make tables makes them; then silos need no right to.</summary>
    [ServerFact(Needs.PostgreSql)]
    public async Task Prepare_UserWithoutTheRight_IsToldWhatToDo()
    {
        var database = await servers.EmptyPostgreSqlAsync();
        await PostgreSqlServer.ExecuteAsync(database, "revoke create on schema public from public; create role guest login");
        var guest = database.Replace("Username=postgres", "Username=guest", StringComparison.Ordinal);

        Assert.Contains("Run 'nas-silo --prepare-database' once", await RefusalAsync(Clustering(guest)), StringComparison.Ordinal);
        await DatabaseTables.PrepareAsync(Clustering(database), default);
        await PostgreSqlServer.ExecuteAsync(database, "grant select, insert, update, delete on all tables in schema public to guest");

        Assert.Equal([("Clustering", false)], await DatabaseTables.PrepareAsync(Clustering(guest), default));
    }

    [Fact]
    public async Task Prepare_NobodyAnswers_SaysSoInOneLine()
    {
        var refusal = await RefusalAsync(Clustering($"Host=127.0.0.1;Port={FreePorts.Take(1)[0]};Username=postgres;Password=hunter2"));

        Assert.StartsWith("Clustering: the database cannot be prepared: ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.DoesNotContain("hunter2", refusal, StringComparison.Ordinal);
    }

    [ServerFact(Needs.PostgreSql)]
    public async Task Program_PrepareDatabase_PreparesAndEnds()
    {
        var database = await servers.EmptyPostgreSqlAsync();

        Assert.Equal((0, "Storage: the database has its tables now.", ""), await RunAsync("Storage:Provider=PostgreSql", $"Storage:ConnectionString={database}"));
        Assert.Equal((0, "Storage: the database had its tables already.", ""), await RunAsync("Storage:Provider=PostgreSql", $"Storage:ConnectionString={database}"));
    }

    [Fact]
    public async Task Program_PrepareDatabaseThatIsNone_IsRefused() => Assert.Equal(
        (1, "", "nas-silo: --prepare-database finds none: neither Clustering.Provider nor Storage.Provider is PostgreSql."), await RunAsync());

    private static async Task<(int, string, string)> RunAsync(params string[] settings)
    {
        await using var silo = ChildProcess.StartDotnet("NasCluster.Silo", "nas-silo.dll", ["--prepare-database", .. settings.Select(s => $"--NasCluster:{s}")]);
        var exitCode = await silo.WaitAsync(Patience);
        return (exitCode, silo.Output, silo.Errors);
    }

    private static async Task<string> RefusalAsync(SiloSettings settings) =>
        (await Assert.ThrowsAsync<NasClusterException>(() => DatabaseTables.PrepareAsync(settings, default))).Message;

    private static SiloSettings Clustering(string database) =>
        new() { Clustering = new ClusteringSettings { Provider = ClusteringProvider.PostgreSql, ConnectionString = database } };

    private static SiloSettings Both(string clustering, string storage) =>
        Clustering(clustering) with { Storage = new StorageSettings { Provider = StorageProvider.PostgreSql, ConnectionString = storage } };
}
