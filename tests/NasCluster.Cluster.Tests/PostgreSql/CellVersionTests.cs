using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Storage;
using NasCluster.Silo.Configuration;
using Npgsql;

namespace NasCluster.Cluster.Tests.PostgreSql;

/// <summary>What our tables promise of cells beyond their contract.</summary>
[Collection(ServersCollection.Name)]
public sealed class CellVersionTests(Servers servers)
{
    private const string Name = "cell";

    [ServerFact(Needs.PostgreSql)]
    public async Task Delete_Cell_LeavesNothingAndItsVersionsNeverReturn()
    {
        var database = await servers.EmptyPostgreSqlAsync();
        await using var silo = await StorageSilo.StartAsync(new StorageSettings { Provider = StorageProvider.PostgreSql, ConnectionString = database });
        var cells = silo.Storage.OfSearch("deleted");
        var versions = new HashSet<string>();
        for (var life = 0; life < 3; life++)
        {
            var born = await cells.WriteAsync(Name, new byte[] { 1 }, null, default);
            var last = await cells.WriteAsync(Name, new byte[] { 2 }, born, default);
            Assert.True(versions.Add(born) && versions.Add(last));
            await cells.DeleteAsync(Name, last, default);
            Assert.Equal(0L, await CountAsync(database));
        }

        // Whoever still knows the cell of a former life changes nothing of the one that is there now.
        await cells.WriteAsync(Name, new byte[] { 3 }, null, default);
        foreach (var version in versions)
        {
            await Assert.ThrowsAsync<StateCellConflictException>(async () => await cells.WriteAsync(Name, new byte[] { 4 }, version, default));
            await Assert.ThrowsAsync<StateCellConflictException>(async () => await cells.DeleteAsync(Name, version, default));
        }

        Assert.Equal([3], (await cells.ReadAsync(Name, default))!.Bytes.ToArray());
    }

    [ServerFact(Needs.PostgreSql)]
    public async Task Write_ManyAtOnce_OneWins()
    {
        await using var silo = await StorageSilo.StartAsync(
            new StorageSettings { Provider = StorageProvider.PostgreSql, ConnectionString = await servers.EmptyPostgreSqlAsync() });
        var cells = silo.Storage.OfSearch("contended");
        string? version = null;
        for (var round = 0; round < 10; round++)
        {
            var seen = version;
            var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
            {
                try
                {
                    return await cells.WriteAsync(Name, new[] { (byte)writer }, seen, default);
                }
                catch (StateCellConflictException)
                {
                    return null;
                }
            }));
            version = Assert.Single(written, w => w is not null);
            Assert.Equal([(byte)Array.IndexOf(written, version)], (await cells.ReadAsync(Name, default))!.Bytes.ToArray());
        }
    }

    private static async Task<long> CountAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from nas_cell", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
