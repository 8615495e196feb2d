using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.Security;

/// <summary>Who is let into a cluster with certificates.</summary>
public sealed class TlsTests(TlsTests.SecureCluster cluster) : IClassFixture<TlsTests.SecureCluster>
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Unreachable = 4;

    [Fact]
    public async Task Client_OfTheAuthority_IsLetIn()
    {
        var client = cluster.Ours.Issue("client");

        var result = (await cluster.RunAsync(client, cluster.Ours.Authority)).Ended(Success);

        // Both silos are there, so they let each other in too.
        Assert.Equal(2, JsonNode.Parse(result.Output)!.AsArray().Count);
    }

    /// <summary>As in the console's pod.</summary>
    [Fact]
    public async Task Client_WithItsFilesInTheEnvironment_IsLetIn()
    {
        var (certificate, key) = cluster.Ours.Issue("console");

        await using var nasctl = Nasctl.StartIn(
            [$"NASCTL_GATEWAY={cluster.Gateway}", "NASCTL_CLUSTER=nascluster", $"NASCTL_TLS_CERTIFICATE={certificate}", $"NASCTL_TLS_KEY={key}", $"NASCTL_TLS_AUTHORITY={cluster.Ours.Authority}"],
            "evaluators");

        Assert.True(await nasctl.WaitAsync(TimeSpan.FromMinutes(1)) == Success, nasctl.Errors);
    }

    [Fact]
    public async Task Client_OfAnotherCluster_IsRefused()
    {
        var (certificate, key) = cluster.Ours.Issue("lost");

        await using var nasctl = Nasctl.StartIn(
            [$"NASCTL_GATEWAY={cluster.Gateway}", "NASCTL_CLUSTER=another", $"NASCTL_TLS_CERTIFICATE={certificate}", $"NASCTL_TLS_KEY={key}", $"NASCTL_TLS_AUTHORITY={cluster.Ours.Authority}"],
            "evaluators");

        Assert.Equal(Unreachable, await nasctl.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Client_WithoutACertificate_IsRefused() => (await Nasctl.RunAsync("evaluators", "--gateway", cluster.Gateway)).Refused(Unreachable);

    [Fact]
    public async Task Client_OfAnotherAuthority_IsRefused() => (await cluster.RunAsync(cluster.Theirs.Issue("stranger"), cluster.Ours.Authority)).Refused(Unreachable);

    [Fact]
    public async Task Client_OfAnExpiredCertificate_IsRefused() => (await cluster.RunAsync(cluster.Ours.Issue("expired", -9, -2), cluster.Ours.Authority)).Refused(Unreachable);

    [Fact]
    public async Task Client_WhoseAuthorityDidNotSignTheSilo_TurnsAway() => (await cluster.RunAsync(cluster.Ours.Issue("careful"), cluster.Theirs.Authority)).Refused(Unreachable);

    [Fact]
    public async Task Client_WithFilesThatAreNoCertificates_IsRefused() =>
        (await cluster.RunAsync((ShippedSearch.File, ShippedSearch.File), cluster.Ours.Authority)).Refused(Failure, "certificate");

    [Fact]
    public async Task Client_WithHalfOfTheFiles_IsRefused() =>
        (await Nasctl.RunAsync("evaluators", "--gateway", cluster.Gateway, "--tls-authority", cluster.Ours.Authority)).Refused(Failure, "give all three");

    [Fact]
    public async Task Silo_OfAnotherAuthority_NeverJoins()
    {
        await using var stranger = cluster.StartSilo(cluster.Theirs.Issue("strange-silo"), cluster.Ours.Authority);

        // Long enough for the silo of the fixture, which was ready sooner on the same machine.
        await Assert.ThrowsAnyAsync<Exception>(() => stranger.ReadyAsync(2 * cluster.TimeToJoin));

        var client = cluster.Ours.Issue("witness");
        Assert.Equal(2, JsonNode.Parse((await cluster.RunAsync(client, cluster.Ours.Authority)).Ended(Success).Output)!.AsArray().Count);
    }

    /// <summary>Two silos with certificates.</summary>
    public sealed class SecureCluster : IAsyncLifetime
    {
        private readonly int _primaryPort = FreePorts.Take(1)[0];
        private readonly List<SiloProcess> _silos = [];

        internal TestCertificates Ours { get; } = new();

        internal TestCertificates Theirs { get; } = new();

        internal string Gateway => _silos[0].Gateway;

        internal TimeSpan TimeToJoin { get; private set; }

        public async Task InitializeAsync()
        {
            _silos.Add(await StartSilo(Ours.Issue("silo-0"), Ours.Authority, _primaryPort).ReadyAsync());
            var started = TimeProvider.System.GetTimestamp();
            _silos.Add(await StartSilo(Ours.Issue("silo-1"), Ours.Authority).ReadyAsync());
            TimeToJoin = TimeProvider.System.GetElapsedTime(started);
        }

        public async Task DisposeAsync()
        {
            foreach (var silo in _silos)
            {
                await silo.DisposeAsync();
            }

            Ours.Dispose();
            Theirs.Dispose();
        }

        internal SiloProcess StartSilo((string Certificate, string Key) files, string authority, int? port = null)
        {
            var ports = FreePorts.Take(3);
            return SiloProcess.Start(
                port ?? ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={_primaryPort}",
                $"Tls:Certificate={files.Certificate}", $"Tls:Key={files.Key}", $"Tls:Authority={authority}");
        }

        internal Task<NasctlResult> RunAsync((string Certificate, string Key) client, string authority) => Nasctl.RunAsync(
            "evaluators", "--format", "json", "--gateway", Gateway, "--tls-certificate", client.Certificate, "--tls-key", client.Key, "--tls-authority", authority);
    }
}
