using System.Collections.Immutable;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Telemetry;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>
/// A cluster that Prometheus watches through what dashboards and alerts are for: two searches, the second of them known already; an evaluator that dies, and
/// then the other; its return; storage that goes away.
/// </summary>
public sealed class WatchedCluster : IAsyncLifetime
{
    private const string Cluster = "watched";
    private const string First = "first";
    private const int Evaluations = 300;
    private const int Scrapes = 3;

    // By linas, for panels on predictors to have data; its first round of ten is told long before the trouble.
    private static readonly string[] Settings = ["algorithm.name=linas", $"budget.evaluations={Evaluations}", "data.search_share=0.05"];
    private readonly List<SiloProcess> _silos = [];
    private PrometheusServer? _prometheus;

    /// <summary>Why there is none; null when there is one.</summary>
    internal static string? Missing { get; } = ServerFactAttribute.Missing(Needs.Prometheus | Needs.Azurite);

    internal PrometheusServer Prometheus => _prometheus ?? throw new InvalidOperationException("Nothing was started.");

    internal DateTimeOffset From { get; private set; }

    internal DateTimeOffset To { get; private set; }

    /// <summary>When the first evaluator was killed.</summary>
    internal DateTimeOffset Trouble { get; private set; }

    /// <summary>When something of the first search was in flight for the last time.</summary>
    internal DateTimeOffset Nearly { get; private set; }

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return; // Every test is skipped.
        }

        try
        {
            await RunAsync();
        }
        catch
        {
            await DisposeAsync(); // Nobody else does when this fails.
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>What an expression was over the whole run.</summary>
    internal Task<ImmutableArray<TimeSeries>> OverTheRunAsync(string expression) => Prometheus.RangeAsync(expression, From, To);

    private async Task RunAsync()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        var ports = FreePorts.Take(9);
        var controller = Start(ports[..3], ports[0], azurite, "Controller");
        await controller.ReadyAsync();
        var evaluators = new[] { Start(ports[3..6], ports[0], azurite, "Evaluator"), Start(ports[6..], ports[0], azurite, "Evaluator") };
        await Task.WhenAll(evaluators.Select(e => e.ReadyAsync()));
        string[] pods = ["nas-controller-0", "nas-evaluator-0", "nas-evaluator-1"];
        From = DateTimeOffset.UtcNow;
        _prometheus = await PrometheusServer.StartAsync(Watching.Rules, _silos.Select((s, i) => (s.HttpPort, $"namespace: {Watching.Namespace}, pod: {pods[i]}")));
        await UntilAsync("count(up == 1) == 3", "scraped");

        await RunAsync(controller, [.. ShippedSearch.Start(Settings), "--name", First]);
        await UntilAsync($"max({MetricCatalog.Recorded.PrometheusName}) >= {Evaluations / 5}", "a fifth of the way");
        Trouble = DateTimeOffset.UtcNow;
        evaluators[1].Process.Kill();
        await FiresAsync("NasClusterSilosLost");
        await UntilAsync($"max({MetricCatalog.Recorded.PrometheusName}) >= {2 * Evaluations / 5}", "two fifths of the way");
        evaluators[0].Process.Kill();
        await FiresAsync("NasClusterNoEvaluator");
        await FiresAsync("NasClusterSearchStalled");
        await Task.WhenAll(evaluators.Select(e => e.StartAsync()));
        await Task.WhenAll(evaluators.Select(e => e.ReadyAsync()));
        await RunAsync(controller, ["search", "watch", First]);
        await RunAsync(controller, [.. ShippedSearch.Start(Settings), "--name", "second", "--watch"]);
        await UntilAsync("max(nascluster_searches{state=\"completed\"}) == 2", "at rest");

        await azurite.StopAsync();
        Assert.NotEqual(0, (await Nasctl.RunAsync([.. ShippedSearch.Start(Settings), "--name", "third", "--gateway", controller.Gateway, "--cluster", Cluster])).ExitCode);
        await FiresAsync("NasClusterStorageErrors");
        To = DateTimeOffset.UtcNow;
        Nearly = (await OverTheRunAsync($"{MetricCatalog.InFlight.PrometheusName}{{search=\"{First}\"}} > 0")).SelectMany(s => s.Points).Max(p => p.Time);
    }

    private static async Task RunAsync(SiloProcess silo, string[] arguments) => (await Nasctl.RunAsync([.. arguments, "--gateway", silo.Gateway, "--cluster", Cluster])).Ended(0);

    private SiloProcess Start(int[] ports, int primary, AzuriteServer azurite, string role)
    {
        var silo = SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={primary}", $"Cluster={Cluster}", $"Role={role}", "Storage:Provider=AzureBlobs",
            $"Storage:ConnectionString={azurite.ConnectionString}", $"Storage:Container={Cluster}", $"SuperNetworks:Directory={ShippedSearch.Models}",
            "Evaluator:Threads=1", "Evaluator:BatchSize=1");
        _silos.Add(silo);
        return silo;
    }

    private Task FiresAsync(string alert) => UntilAsync($"ALERTS{{alertname=\"{alert}\", alertstate=\"firing\"}} offset {Scrapes}s", $"told by {alert}");

    private Task UntilAsync(string expression, string what) => Eventually.ReadAsync(
        () => Prometheus.RangeAsync(expression, DateTimeOffset.UtcNow.AddSeconds(-Scrapes), DateTimeOffset.UtcNow), series => !series.IsEmpty, what);
}
