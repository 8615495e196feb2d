using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>How <c>nasctl</c> finds a cluster, and what it says when it does not.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class ReachTests(OneSilo cluster)
{
    private const int Failure = 1;
    private const int Unreachable = 4;

    /// <summary>As through a port-forward: the address that the gateway advertises is none the client can reach, or knows.</summary>
    [Fact]
    public async Task Command_ThroughARelayAtAnotherPort_Works()
    {
        await using var relay = TcpRelay.Start(cluster.Silo.GatewayPort);
        Assert.NotEqual(cluster.Silo.GatewayPort, relay.Port);

        string[] own = ["--gateway-port", $"{cluster.Silo.GatewayPort}"];

        (await Nasctl.RunAsync([.. ShippedSearch.Start(), "--name", "relayed", "--watch", "--gateway", $"localhost:{relay.Port}", .. own])).Ended(0);

        EmbeddedSearch.AssertSame((await Nasctl.RunAsync(["search", "front", "relayed", "--format", "json", "--gateway", $"127.0.0.1:{relay.Port}", .. own])).Ended(0).Output);
        Assert.True(relay.Connections >= 2);
    }

    [Fact]
    public async Task Command_NobodyListens_IsRefused() =>
        (await Nasctl.RunAsync("search", "list", "--gateway", $"127.0.0.1:{FreePorts.Take(1)[0]}")).Refused(Unreachable, "No cluster 'nascluster' can be reached at 127.0.0.1:");

    [Fact]
    public async Task Command_AnotherClustersName_IsRefused() =>
        (await Nasctl.RunAsync(["search", "list", .. cluster.Connection, "--cluster", "another"])).Refused(Unreachable, "No cluster 'another' can be reached at 127.0.0.1:");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData(":30000")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:port")]
    public async Task Command_NoAddress_IsRefused(string gateway) =>
        (await Nasctl.RunAsync("search", "list", "--gateway", gateway)).Refused(Failure, $"The gateway is '{gateway}'; it must be HOST:PORT");

    [Fact]
    public async Task Command_UnknownHost_IsRefused() =>
        (await Nasctl.RunAsync("search", "list", "--gateway", "no-such-host.invalid:30000")).Refused(Failure, "there is no such host");

    [Theory]
    [InlineData("--gateway", "127.0.0.1:1", "--postgresql", "Host=127.0.0.1")]
    [InlineData("--gateway", "127.0.0.1:1", "--azure-tables", "https://account.table.core.windows.net")]
    [InlineData("--azure-tables", "https://account.table.core.windows.net", "--postgresql", "Host=127.0.0.1")]
    public async Task Command_TwoWaysToTheCluster_IsRefused(params string[] ways) => (await Nasctl.RunAsync(["search", "list", .. ways])).Refused(Failure, "give one");

#if AZURE_TABLES
    [Theory]
    [InlineData("nonsense", "--azure-tables is no connection string")]
    [InlineData("http://account.table.core.windows.net", "--azure-tables must be https://ACCOUNT.table.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net", "--azure-tables must be https://ACCOUNT.table.core.windows.net")]
    [InlineData("https://account.table.core.windows.net/?sv=1&sig=hunter2", "--azure-tables must be https://ACCOUNT.table.core.windows.net")]
    public async Task Command_NoTables_IsRefused(string tables, string says) => (await Nasctl.RunAsync("search", "list", "--azure-tables", tables)).Refused(Failure, says);

    [Fact]
    public async Task Command_TablesNobodyServes_IsRefused() => (await Nasctl.RunAsync(
        "search", "list", "--azure-tables", $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:{FreePorts.Take(1)[0]}/a;"))
        .Refused(Unreachable, "No cluster 'nascluster' can be reached by the tables given");
#endif
}
