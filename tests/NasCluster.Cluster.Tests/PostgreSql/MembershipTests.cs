using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting.PostgreSql;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;

namespace NasCluster.Cluster.Tests.PostgreSql;

/// <summary>What Orleans' membership provider must find in a database, over our tables and over those of Orleans' own scripts.</summary>
[Collection(ServersCollection.Name)]
public sealed class MembershipTests(Servers servers)
{
    private static readonly DateTime Noon = new(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc);

    [ServerFact(Needs.PostgreSql)]
    public async Task Members_InOurTables_KeepTheContract()
    {
        var database = await servers.PostgreSqlAsync();
        await DatabaseTables.PrepareAsync(
            new SiloSettings { Clustering = new ClusteringSettings { Provider = ClusteringProvider.PostgreSql, ConnectionString = database } }, default);
        await CheckAsync(database);
    }

    [ServerFact(Needs.OrleansScripts)]
    public async Task Members_InTablesOfOrleans_KeepTheContract() => await CheckAsync(await servers.PostgreSqlOfOrleansAsync());

    /// <summary>Only the per-row removal keeps a member that somebody has written to since it was read; Orleans' scripts have it in newer releases only.</summary>
    [ServerFact(Needs.PostgreSql)]
    public async Task Cleanup_InOurTables_RemovesTheLongDeadAlone()
    {
        var database = await servers.PostgreSqlAsync();
        await DatabaseTables.PrepareAsync(
            new SiloSettings { Clustering = new ClusteringSettings { Provider = ClusteringProvider.PostgreSql, ConnectionString = database } }, default);
        var table = await OpenAsync(database, "cleanup", isFirst: true);
        MembershipEntry[] members =
        [
            Member(1, SiloStatus.Dead), Member(2, SiloStatus.Active), Member(3, SiloStatus.Dead, alive: Noon.AddHours(2)),
            Member(4, SiloStatus.Dead, suspected: Noon.AddHours(2)), Member(5, SiloStatus.Dead, suspected: Noon),
        ];
        foreach (var member in members)
        {
            // Suspicions are no part of a new member.
            Assert.True(await table.InsertRowAsync(member, (await table.ReadAllAsync()).Version.Next()));
            Assert.True(await UpdateAsync(table, member, (await table.ReadAllAsync()).Version));
        }

        await table.CleanupDefunctSiloEntriesAsync(Noon.AddHours(1));

        Assert.Equal([2, 3, 4], (await table.ReadAllAsync()).Members.Select(m => m.Item1.SiloAddress.Endpoint.Port).Order());
    }

    private static async Task CheckAsync(string database)
    {
        var cluster = $"members-{Guid.NewGuid():n}";
        var table = await OpenAsync(database, cluster, isFirst: true);
        var other = await OpenAsync(database, $"{cluster}-other", isFirst: true);
        var again = await OpenAsync(database, cluster, isFirst: true);
        Assert.Empty((await table.ReadAllAsync()).Members);
        var start = (await again.ReadAllAsync()).Version;

        // Of two that join in the same version one must look again.
        var first = Member(1, SiloStatus.Joining);
        Assert.True(await table.InsertRowAsync(first, start.Next()));
        Assert.False(await again.InsertRowAsync(Member(2, SiloStatus.Joining), start.Next()));
        var joined = await again.ReadAllAsync();
        Assert.Equal(start.Version + 1, joined.Version.Version);
        Assert.False(await again.InsertRowAsync(first, joined.Version.Next()));
        Assert.True(await again.InsertRowAsync(Member(2, SiloStatus.Active), (await again.ReadAllAsync()).Version.Next()));
        AssertSame(first, Assert.Single((await table.ReadRowAsync(first.SiloAddress)).Members).Item1);
        Assert.Empty((await table.ReadRowAsync(Member(3, SiloStatus.Active).SiloAddress)).Members);

        // Changes hold to the version too, and only members can be changed.
        var seen = (await table.ReadAllAsync()).Version;
        var suspected = Member(1, SiloStatus.Active, Noon.AddMinutes(1), suspected: Noon.AddSeconds(30));
        Assert.False(await UpdateAsync(table, suspected, joined.Version));
        Assert.False(await UpdateAsync(table, Member(9, SiloStatus.Dead), seen));
        Assert.True(await UpdateAsync(table, suspected, (await table.ReadAllAsync()).Version));
        AssertSame(suspected, Assert.Single((await again.ReadRowAsync(first.SiloAddress)).Members).Item1);

        // A sign of life moves no version.
        var before = (await table.ReadAllAsync()).Version;
        suspected.IAmAliveTime = Noon.AddMinutes(2);
        await table.UpdateIAmAliveAsync(suspected);
        AssertSame(suspected, Assert.Single((await again.ReadRowAsync(first.SiloAddress)).Members).Item1);
        Assert.Equal(before.Version, (await again.ReadAllAsync()).Version.Version);

        // Clients see the gateways of the living, of their cluster alone.
        Assert.Equal([11, 12], (await GatewaysAsync(database, cluster)).Order());
        Assert.True(await UpdateAsync(table, Member(1, SiloStatus.Dead), (await table.ReadAllAsync()).Version));
        Assert.Equal([12], await GatewaysAsync(database, cluster));
        Assert.Empty(await GatewaysAsync(database, $"{cluster}-other"));

        // One of many that write in the same version writes.
        var version = (await table.ReadAllAsync()).Version;
        var writers = await Task.WhenAll(Enumerable.Range(20, 8).Select(port => Task.Run(() => table.InsertRowAsync(Member(port, SiloStatus.Active), version.Next()))));
        Assert.Single(writers, wrote => wrote);

        await table.DeleteMembershipTableEntriesAsync(cluster);
        Assert.Empty((await other.ReadAllAsync()).Members);
        Assert.Empty((await (await OpenAsync(database, cluster, isFirst: true)).ReadAllAsync()).Members);
    }

    /// <summary>Changes a member as it was seen in a version.</summary>
    private static Task<bool> UpdateAsync(IMembershipTable table, MembershipEntry member, TableVersion seen) => table.UpdateRowAsync(member, seen.VersionEtag, seen.Next());

    private static MembershipEntry Member(int port, SiloStatus status, DateTime? alive = null, DateTime? suspected = null) => new()
    {
        SiloAddress = SiloAddress.New(System.Net.IPAddress.Loopback, port, 7),
        SiloName = $"silo-{port}",
        HostName = "host",
        Status = status,
        ProxyPort = port + 10,
        StartTime = Noon,
        IAmAliveTime = alive ?? Noon,
        SuspectTimes = suspected is { } at ? [Tuple.Create(SiloAddress.New(System.Net.IPAddress.Loopback, 99, 1), at)] : null,
    };

    private static void AssertSame(MembershipEntry expected, MembershipEntry entry) => Assert.Equal(Parts(expected), Parts(entry));

    private static (SiloAddress, string, string, SiloStatus, int, DateTime, DateTime, string) Parts(MembershipEntry entry) =>
        (entry.SiloAddress, entry.SiloName, entry.HostName, entry.Status, entry.ProxyPort, entry.StartTime, entry.IAmAliveTime,
            string.Join(' ', (entry.SuspectTimes ?? []).Select(s => $"{s.Item1} {s.Item2.Ticks}")));

    private static async Task<IMembershipTable> OpenAsync(string database, string cluster, bool isFirst)
    {
        var table = new AdoNetClusteringTable(
            null!,
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = cluster }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = database }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(isFirst);
        return table;
    }

    private static async Task<IEnumerable<int>> GatewaysAsync(string database, string cluster)
    {
        IGatewayListProvider provider = new AdoNetGatewayListProvider(
            NullLogger<AdoNetGatewayListProvider>.Instance,
            null!,
            Options.Create(new AdoNetClusteringClientOptions { Invariant = "Npgsql", ConnectionString = database }),
            Options.Create(new GatewayOptions()),
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = cluster }));
        await provider.InitializeGatewayListProvider();
        return (await provider.GetGateways()).Select(uri => uri.Port);
    }
}
