using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Telemetry;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>Super-networks that a silo is set up to hold.</summary>
public sealed class PreloadTests
{
    private const int Ok = 200;
    private const int Unavailable = 503;

    /// <summary>Nothing idle is kept in memory here, so what is there is held.</summary>
    [Fact]
    public async Task Ready_SuperNetworkThatComesLater_IsSaidToBeMissingUntilItIsHeld()
    {
        using var models = new ModelDirectory();
        var ports = FreePorts.Take(3);
        await using var silo = SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", "Role=Both", $"SuperNetworks:Directory={models.Path}", "SuperNetworks:IdleBytes=0",
            "SuperNetworks:Preload:0=small-world", "SuperNetworks:Preload:1=late-world");
        await silo.AnswersAsync("/health/live");
        await BecomesAsync(
            Unavailable,
            "ready: Unhealthy has not the super-networks it is to hold: late-world (The cluster has no super-network 'late-world'; 'nasctl supernet upload' stores one.)\n");
        Assert.Equal(1, (await silo.ScrapeAsync()).Value(MetricCatalog.SuperNetworks.PrometheusName));
        Assert.Equal(Ok, (await silo.AskAsync("/health/live")).Status);

        models.Add("late-world");

        await BecomesAsync(Ok, "ready: Healthy\n");
        Assert.Equal(1, (await silo.ScrapeAsync()).Value(MetricCatalog.SuperNetworks.PrometheusName)); // It is the same by another name.
        silo.Process.AskToEnd();
        Assert.Equal(0, await silo.Process.WaitAsync(TimeSpan.FromSeconds(60)));

        Task BecomesAsync(int status, string says) => Eventually.ReadAsync(() => silo.AskAsync("/health/ready"), answer => answer == (status, says), says);
    }
}
