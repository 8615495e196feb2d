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

    [Fact]
    public async Task Command_TwoWaysToTheCluster_IsRefused() =>
        (await Nasctl.RunAsync("search", "list", "--gateway", "127.0.0.1:1", "--postgresql", "Host=127.0.0.1")).Refused(Failure, "give one");
}
