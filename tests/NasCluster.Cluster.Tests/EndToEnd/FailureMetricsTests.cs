using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Telemetry;
using NasCluster.Grains.Searches;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>The metrics of what should not happen, each brought about once.</summary>
[Collection(ServersCollection.Name)] // Meters are of the process: silos in it would count for each other.
public sealed class FailureMetricsTests
{
    private const string Name = "unlucky";
    private static readonly (string, string) Search = ("search", Name);

    [Fact]
    public async Task Metrics_ModelDamagedOnDisk_CountFailuresRetriesAndTrialsGivenUp()
    {
        const int trials = 5;
        const int failuresEach = 3;
        using var models = new ModelDirectory();
        var ports = FreePorts.Take(3);
        await using var silo = await SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", $"SuperNetworks:Directory={models.Path}").ReadyAsync();
        models.Damage();

        (await Nasctl.RunAsync([.. ShippedSearch.Start($"budget.evaluations={trials}"), "--name", Name, "--gateway", silo.Gateway, "--watch"])).Ended(0);

        var metrics = await silo.ScrapeAsync();
        Assert.Equal(trials, metrics.Value(MetricCatalog.Evaluations.PrometheusName, Search, ("result", "parked")));
        Assert.Equal(trials, metrics.Sum(MetricCatalog.Evaluations.PrometheusName));
        Assert.Equal(trials * (failuresEach - 1), metrics.Value(MetricCatalog.Retries.PrometheusName, Search));
        Assert.Equal(trials * failuresEach, metrics.Value(MetricCatalog.EvaluationDuration.PrometheusName + "_count", ("result", "failed")));
        Assert.Empty(metrics.Of(MetricCatalog.EvaluationDuration.PrometheusName + "_count", ("result", "succeeded")));
        Assert.Equal((0, 0), (metrics.Sum(MetricCatalog.TokensScored.PrometheusName), metrics.Sum(MetricCatalog.DeviceMemory.PrometheusName)));
    }

    [Fact]
    public async Task Metrics_EvaluatorThatHangs_CountTheLeaseThatRanOut()
    {
        const int trials = 12;
        var time = new ShiftedTime();
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var silo = await LocalSilo.StartAsync(s => s, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
            services.Configure<PopulationOptions>(o => o.Controller = o.Controller with { LeaseDuration = TimeSpan.FromSeconds(4) });
            InterruptedDevice.ReplaceByHanging(services, hangs);
        });
        (await silo.RunAsync([.. ShippedSearch.Start($"budget.evaluations={trials}"), "--name", Name])).Ended(0);
        var hanging = await UntilAsync(m => m.Value(MetricCatalog.InFlight.PrometheusName, Search) > 0, "given to the evaluator");
        var lost = hanging.Value(MetricCatalog.InFlight.PrometheusName, Search);
        Assert.Equal((0, 0), (hanging.Value(MetricCatalog.LeasesExpired.PrometheusName, Search), hanging.Value(MetricCatalog.Retries.PrometheusName, Search)));

        // Longer than an evaluator that says nothing counts as one that works on, from when it has begun.
        await hangs.Task;
        time.PutForward(TimeSpan.FromMinutes(6));

        (await silo.RunAsync("search", "watch", Name)).Ended(0);
        var metrics = await silo.ScrapeAsync();
        Assert.Equal((1, lost), (metrics.Value(MetricCatalog.LeasesExpired.PrometheusName, Search), metrics.Value(MetricCatalog.Retries.PrometheusName, Search)));
        Assert.Equal(trials, metrics.Value(MetricCatalog.Evaluations.PrometheusName, Search, ("result", "succeeded")));

        Task<Exposition> UntilAsync(Func<Exposition, bool> holds, string what) => Eventually.ReadAsync(silo.ScrapeAsync, holds, what);
    }
}
