using Microsoft.Extensions.DependencyInjection;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Telemetry;
using NasCluster.Silo.Configuration;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>When a silo should be started anew.</summary>
[Collection(ServersCollection.Name)]
public sealed class LivenessTests(Servers servers)
{
    private const int Ok = 200;
    private const int Unavailable = 503;

    [Fact]
    public async Task Live_SiloThatAnswersNoCalls_IsSaidSoUntilItDoesAgain()
    {
        var gate = new CallGate();
        await using var silo = await LocalSilo.StartAsync(
            s => s with { Liveness = new LivenessSettings { Pulse = TimeSpan.FromSeconds(3) } }, services => services.AddSingleton<IIncomingGrainCallFilter>(gate));
        using (gate)
        {
            await BecomesAsync("/health/ready", Ok);
            Assert.Equal((Ok, "live: Healthy\n"), await silo.AskAsync("/health/live"));

            gate.Close();
            Assert.Matches("^live: Unhealthy has not answered a call of its own for [1-9][0-9]* s\n$", await BecomesAsync("/health/live", Unavailable));

            gate.Open();
            Assert.Equal("live: Healthy\n", await BecomesAsync("/health/live", Ok));
        }

        async Task<string> BecomesAsync(string path, int status) =>
            (await Eventually.ReadAsync(() => silo.AskAsync(path), answer => answer.Status == status, $"{status} at {path}")).Says;
    }

    /// <summary>As a graphics card is, after an error of its own: no trial fails of it, and whoever watches over the silo is told.</summary>
    [Fact]
    public async Task Live_DeviceLost_LivesNoMoreAndHandsItsWorkBack()
    {
        await using var silo = await LocalSilo.StartAsync(s => s, services => InterruptedDevice.Replace(
            services, (batch, _) => batch >= 3 ? throw new DeviceLostException("cuda:0 is lost: CUDA error: unspecified launch failure") : Task.CompletedTask));
        (await silo.RunAsync([.. ShippedSearch.Start(), "--name", "losing"])).Ended(0);

        var (_, says) = await Eventually.ReadAsync(() => silo.AskAsync("/health/live"), answer => answer.Status == Unavailable, "told that the device is lost");

        Assert.Equal("live: Unhealthy cuda:0 is lost: CUDA error: unspecified launch failure\n", says);
        var metrics = await Eventually.ReadAsync(
            silo.ScrapeAsync, m => m.Value(MetricCatalog.InFlight.PrometheusName, ("search", "losing")) == 0, "handed back");
        Assert.Empty(metrics.Of(MetricCatalog.EvaluationDuration.PrometheusName + "_count", ("result", "failed")));
        Assert.Equal(0, metrics.Value(MetricCatalog.LeasesExpired.PrometheusName, ("search", "losing")));
        var succeeded = metrics.Value(MetricCatalog.Evaluations.PrometheusName, ("search", "losing"), ("result", "succeeded"));
        Assert.True(succeeded is > 0 and < 30);
        Assert.Equal(succeeded, metrics.Sum(MetricCatalog.Evaluations.PrometheusName));
    }

    /// <summary>Frozen, it is declared dead by the other; awake again it must not pass for alive, whether it says so or ends by itself.</summary>
    [ServerFact(Needs.PostgreSql)]
    public async Task Live_SiloDeclaredDeadWhileFrozen_LivesNoMore()
    {
        var database = await servers.PostgreSqlAsync();
        await using var first = await Start(database).ReadyAsync();
        await using var second = await Start(database).ReadyAsync();
        Assert.Equal(Ok, (await second.AskAsync("/health/live")).Status);

        second.Process.Freeze();
        await Eventually.ReadAsync(first.ScrapeAsync, m => m.Value("orleans_consistent_ring_size") == 1, "alone");
        second.Process.Thaw();

        await Eventually.ReadAsync(LivesAsync, lives => !lives, "dead");
        Assert.Equal(Ok, (await first.AskAsync("/health/live")).Status);

        async Task<bool> LivesAsync()
        {
            try
            {
                return !second.Process.HasExited && (await second.AskAsync("/health/live")).Status == Ok;
            }
            catch (HttpRequestException)
            {
                return false; // It listens no more.
            }
        }
    }

    private static SiloProcess Start(string database)
    {
        var ports = FreePorts.Take(3);
        return SiloProcess.Start(
            ports[0], ports[1], ports[2], "Cluster=frozen", "Role=Controller", "Clustering:Provider=PostgreSql", $"Clustering:ConnectionString={database}");
    }
}
