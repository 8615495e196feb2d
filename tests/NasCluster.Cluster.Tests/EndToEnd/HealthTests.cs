using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Telemetry;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>What a silo says of itself over HTTP.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class HealthTests(OneSilo cluster)
{
    private const int Ok = 200;
    private const int Unavailable = 503;

    [Fact]
    public async Task Health_SiloAtWork_LivesAndIsReady()
    {
        Assert.Equal(Ok, (await cluster.Silo.AskAsync("/health/live")).Status);
        Assert.Equal((Ok, "ready: Healthy\n"), await cluster.Silo.AskAsync("/health/ready"));
    }

    [Fact]
    public async Task Metrics_SiloAtWork_HaveThoseOfOrleans()
    {
        (await cluster.RunAsync("search", "list")).Ended(0);

        var metrics = await cluster.Silo.GetAsync("/metrics");

        Assert.Matches("(?m)^orleans_catalog_activations\\S* \\d+", metrics);
        Assert.Matches("(?m)^orleans_networking_sockets_opened\\S* [1-9]", metrics);
    }

    /// <summary>A silo waits for its cluster for as long as it takes; it must neither be killed for that nor be given work.</summary>
    [Fact]
    public async Task Health_SiloThatCannotJoin_LivesAndIsNotReady()
    {
        var ports = FreePorts.Take(4);
        await using var silo = SiloProcess.Start(ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[3]}", "Role=Controller");

        Assert.Equal(Ok, await silo.AnswersAsync("/health/live"));
        Assert.Equal((Unavailable, "ready: Unhealthy has not joined the cluster\n"), await silo.AskAsync("/health/ready"));
    }
}

/// <summary>What a silo says of itself when its storage goes.</summary>
public sealed class StorageHealthTests
{
    private const int Ok = 200;
    private const int Unavailable = 503;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [ServerFact(Needs.Azurite)]
    public async Task Ready_StorageThatGoesAndComesBack_IsSaidSo()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        var ports = FreePorts.Take(3);
        await using var silo = SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", "Role=Controller", "Storage:Provider=AzureBlobs", $"Storage:ConnectionString={azurite.ConnectionString}");
        await silo.ReadyAsync();

        await azurite.StopAsync();
        await BecomesAsync(silo, Unavailable);
        Assert.Equal(Ok, (await silo.AskAsync("/health/live")).Status);
        Assert.True((await silo.ScrapeAsync()).Sum(MetricCatalog.StorageDuration.PrometheusName + "_count", ("operation", "read"), ("result", "failed")) > 0);

        await azurite.StartAgainAsync();
        await BecomesAsync(silo, Ok);
    }

    private static async Task BecomesAsync(SiloProcess silo, int status)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await silo.AskAsync("/health/ready")).Status != status)
        {
            await Task.Delay(200, patience.Token);
        }
    }
}
