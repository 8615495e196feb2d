using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Telemetry;
using NasCluster.Grains.Searches;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>What else panels show as zero when healthy, each brought about in a silo of its own.</summary>
[Collection(ServersCollection.Name)] // Meters are of the process: silos in it would count for each other.
public sealed class UnluckyTests
{
    private const string Target = $"namespace: {Watching.Namespace}, pod: silo";
    private const string Name = "unlucky";

    [ServerFact(Needs.Prometheus)]
    public async Task RetriesAndExpiredLeases_EvaluatorThatHangs_AreShownByBothDashboards()
    {
        var time = new ShiftedTime();
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var silo = await LocalSilo.StartAsync(s => s, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
            services.Configure<PopulationOptions>(o => o.Controller = o.Controller with { LeaseDuration = TimeSpan.FromSeconds(4) });
            InterruptedDevice.ReplaceByHanging(services, hangs);
        });
        await using var prometheus = await PrometheusServer.StartAsync(Watching.Rules, (silo.HttpPort, Target));
        (await silo.RunAsync([.. ShippedSearch.Start("budget.evaluations=12"), "--name", Name])).Ended(0);
        await SeenAsync(prometheus, $"{MetricCatalog.InFlight.PrometheusName} > 0");
        await SeenAsync(prometheus, $"{MetricCatalog.LeasesExpired.PrometheusName} == 0");

        // Longer than an evaluator that says nothing counts as one that works on, from when it has begun.
        await hangs.Task;
        time.PutForward(TimeSpan.FromMinutes(6));

        var queries = ShippedDashboard.All.SelectMany(d => d.Panels).Where(p => p.Title == "Retries and expired leases").SelectMany(p => p.Queries).ToArray();
        Assert.Equal(4, queries.Length);
        foreach (var (expression, _) in queries)
        {
            await SeenAsync(prometheus, $"({expression}) > 0");
        }
    }

    [ServerFact(Needs.Prometheus)]
    public async Task FailedEvaluations_ModelDamagedOnDisk_AreShown()
    {
        using var models = new ModelDirectory();
        var ports = FreePorts.Take(3);
        await using var silo = await SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", $"SuperNetworks:Directory={models.Path}", "Evaluator:BatchSize=1").ReadyAsync();
        await using var prometheus = await PrometheusServer.StartAsync(Watching.Rules, (silo.HttpPort, Target));
        models.Damage();

        // Enough of them that failures go on for some scrapes.
        (await Nasctl.RunAsync([.. ShippedSearch.Start("budget.evaluations=400"), "--name", Name, "--gateway", silo.Gateway])).Ended(0);

        await SeenAsync(prometheus, "nascluster:evaluation_failures:ratio5m > 0");
    }

    [ServerFact(Needs.Prometheus)]
    public async Task Alerts_DeviceThatIsFull_Fire()
    {
        var held = (long)(0.95 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        await using var silo = await LocalSilo.StartAsync(s => s, services =>
        {
            var device = services.Single(d => d.ServiceType == typeof(IEvaluationDevice));
            services.Replace(ServiceDescriptor.Singleton<IEvaluationDevice>(s => new FullDevice((IEvaluationDevice)device.ImplementationFactory!(s), held)));
        });
        await using var prometheus = await PrometheusServer.StartAsync(Watching.Rules, (silo.HttpPort, Target));

        await SeenAsync(prometheus, "ALERTS{alertname=\"NasClusterDeviceMemoryHigh\", alertstate=\"firing\"}");
    }

    private static Task SeenAsync(PrometheusServer prometheus, string expression) => Eventually.ReadAsync(
        () => prometheus.RangeAsync(expression, DateTimeOffset.UtcNow.AddMinutes(-3), DateTimeOffset.UtcNow), s => s.Any(x => !x.Points.IsEmpty), $"seen: {expression}");
}
