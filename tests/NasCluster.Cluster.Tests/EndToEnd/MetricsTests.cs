using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Telemetry;
using NasCluster.Evaluation.Costs;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>What a silo serves to Prometheus while it runs searches: everything there is, and right.</summary>
public sealed class MetricsTests : IAsyncLifetime
{
    private const string Name = "measured";
    private static readonly (string, string) Search = ("search", Name);
    private readonly OneSilo _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Metrics_SearchRunningPausedAndStopped_AreThoseOfTheCatalogWithTheFiguresOfTheSearch()
    {
        var before = await _cluster.Silo.ScrapeAsync();
        Assert.Equal((0, 0), (Value(before, MetricCatalog.DeviceMemory), Value(before, MetricCatalog.SuperNetworks)));
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", Assert.Single(before.Of(MetricCatalog.Build.PrometheusName)).Labels["version"]);

        (await _cluster.RunAsync([.. ShippedSearch.Start("budget.evaluations=100000", "seed=2", "algorithm.name=linas", "algorithm.population=10"), "--name", Name])).Ended(0);
        var running = await UntilAsync(
            m => Value(m, MetricCatalog.Recorded, Search) >= 25 && Value(m, MetricCatalog.InFlight, Search) > 0, "well under way");
        Assert.Equal((1, 0), (State(running, "running"), State(running, "paused")));
        Assert.Equal(1, Value(running, MetricCatalog.SearchEvaluators, Search, ("state", "busy")));
        Assert.True(Value(running, MetricCatalog.EvaluatorsWanted, Search) >= 1);
        Assert.Equal(1, Value(running, MetricCatalog.Evaluators, ("state", "busy")) + Value(running, MetricCatalog.Evaluators, ("state", "idle")));
        Assert.Equal(1, Value(running, MetricCatalog.Searches, ("state", "running")));

        (await _cluster.RunAsync("search", "pause", Name)).Ended(0);
        await UntilAsync(
            m => State(m, "paused") == 1 && Value(m, MetricCatalog.InFlight, Search) == 0 && Value(m, MetricCatalog.Searches, ("state", "paused")) == 1
                && Value(m, MetricCatalog.Evaluations, Search, ("result", "succeeded")) == Value(m, MetricCatalog.Recorded, Search),
            "at rest with every outcome counted");
        var front = await FrontAsync();

        // A silo reads the front anew every so often, and not with every outcome.
        var settled = await UntilAsync(m => Value(m, MetricCatalog.Hypervolume, Search) == (double)front["hypervolume"]!, "up to date on the front");
        AssertWhole(settled);
        AssertRight(settled, front);

        (await _cluster.RunAsync("search", "stop", Name)).Ended(0);
        var stopped = await UntilAsync(m => Value(m, MetricCatalog.Searches, ("state", "stopped")) == 1, "known as stopped");
        var gauges = MetricCatalog.All.Where(m => m.Kind == MetricKind.Gauge && m.Tags.Contains("search")).ToArray();
        Assert.NotEmpty(gauges);
        Assert.All(gauges, gauge => Assert.Empty(stopped.Of(gauge.PrometheusName, Search)));
        Assert.Equal((double)(await FrontAsync())["evaluations"]!, Value(stopped, MetricCatalog.Evaluations, Search, ("result", "succeeded")));
    }

    [Fact]
    public async Task Metrics_SameSearchTwice_CountWhatWasRemembered()
    {
        (await _cluster.RunAsync([.. ShippedSearch.Start(), "--name", "once", "--watch"])).Ended(0);
        (await _cluster.RunAsync([.. ShippedSearch.Start(), "--name", "again", "--watch"])).Ended(0);

        var metrics = await UntilAsync(m => Outcomes(m, "once.report") > 0 && Outcomes(m, "once.report") == Outcomes(m, "again.report"), "reported on");
        Assert.Equal(2, Value(metrics, MetricCatalog.Searches, ("state", "completed")) + Value(metrics, MetricCatalog.Searches, ("state", "running")));
        Assert.Equal(30, Value(metrics, MetricCatalog.Evaluations, ("search", "once"), ("result", "succeeded")));
        Assert.Equal(30, Value(metrics, MetricCatalog.Evaluations, ("search", "again"), ("result", "remembered")));
        Assert.Equal(0, Value(metrics, MetricCatalog.Evaluations, ("search", "again"), ("result", "succeeded")));
        var reported = Value(metrics, MetricCatalog.Evaluations, ("search", "once.report"), ("result", "succeeded"));
        Assert.True(reported > 1);
        Assert.Equal(30 + reported, Value(metrics, MetricCatalog.CacheLookUps, ("result", "hit")));
        Assert.Equal(30 + reported, Value(metrics, MetricCatalog.CacheLookUps, ("result", "miss")));

        static double Outcomes(Exposition metrics, string search) => metrics.Sum(MetricCatalog.Evaluations.PrometheusName, ("search", search));
    }

    /// <summary>Every metric is served under its name, with its type and its tags.</summary>
    private static void AssertWhole(Exposition metrics)
    {
        foreach (var metric in MetricCatalog.All)
        {
            Assert.Equal((metric.PrometheusName, Word(metric.Kind)), (metric.PrometheusName, metrics.Types.GetValueOrDefault(metric.PrometheusName)));
            var series = metrics.Samples.Where(s => s.Name == metric.PrometheusName + (metric.Kind == MetricKind.Histogram ? "_count" : "")).ToArray();
            Assert.NotEmpty(series);
            Assert.All(series, s => Assert.Equal(metric.Tags.Order(StringComparer.Ordinal), s.Labels.Keys.Where(l => l != "otel_scope_name")));
        }

        Assert.Empty(metrics.Types.Keys.Where(t => t.StartsWith("nascluster", StringComparison.Ordinal)).Except(MetricCatalog.All.Select(m => m.PrometheusName)));

        static string Word(MetricKind kind) => kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };
    }

    private static void AssertRight(Exposition metrics, JsonObject front)
    {
        var recorded = (long)front["evaluations"]!;
        Assert.Equal(recorded, Value(metrics, MetricCatalog.Recorded, Search));
        Assert.Equal(recorded, Value(metrics, MetricCatalog.Evaluations, Search, ("result", "succeeded")));
        Assert.Equal(0, metrics.Sum(MetricCatalog.Evaluations.PrometheusName) - recorded);
        Assert.Equal(recorded, metrics.Sum(MetricCatalog.EvaluationDuration.PrometheusName + "_count", ("result", "succeeded")));
        Assert.True(metrics.Sum(MetricCatalog.EvaluationDuration.PrometheusName + "_sum") > 0);
        Assert.Equal(recorded * EmbeddedSearch.TokensPerEvaluation(), Value(metrics, MetricCatalog.TokensScored));
        Assert.Equal((long)front["budget"]!, Value(metrics, MetricCatalog.Budget, Search));
        Assert.Equal(recorded / 10, Value(metrics, MetricCatalog.Generation, Search)); // A population is 10.
        Assert.Equal(front["front"]!.AsArray().Count, Value(metrics, MetricCatalog.FrontSize, Search));
        Assert.Equal((double)front["hypervolume"]!, Value(metrics, MetricCatalog.Hypervolume, Search));
        foreach (var objective in front["objectives"]!.AsArray())
        {
            var name = (string)objective!["name"]!;
            var values = front["front"]!.AsArray().Select(row => (double)row!["values"]![name]!["value"]!).ToArray();
            Assert.Equal((string)objective["direction"]! == "maximise" ? values.Max() : values.Min(), Value(metrics, MetricCatalog.Best, Search, ("objective", name)));
        }


        // Of a round that was proposed while the search was told to pause, what is asked for waits.
        var queued = Value(metrics, MetricCatalog.QueueDepth, Search)!.Value;
        Assert.InRange(queued, 0, recorded % 10 == 0 ? 10 : 0);
        Assert.Equal(0, Value(metrics, MetricCatalog.EvaluatorsWanted, Search));
        Assert.Equal(0, Value(metrics, MetricCatalog.SearchEvaluators, Search, ("state", "busy")));
        Assert.Equal((0, 0), (Value(metrics, MetricCatalog.Retries, Search), Value(metrics, MetricCatalog.LeasesExpired, Search)));
        Assert.Equal((0, recorded + queued), (Value(metrics, MetricCatalog.CacheLookUps, ("result", "hit")), Value(metrics, MetricCatalog.CacheLookUps, ("result", "miss"))));
        using var model = LlamaCheckpoints.Open(Path.Combine(ShippedSearch.Models, "small-world"));
        Assert.Equal(CostModel.Parameters(CpuSuperNetwork.Identify(model).Configuration) * sizeof(float), Value(metrics, MetricCatalog.DeviceMemory));
        Assert.Equal(1, Value(metrics, MetricCatalog.SuperNetworks));
        Assert.True(metrics.Sum(MetricCatalog.StorageDuration.PrometheusName + "_count", ("operation", "read"), ("result", "succeeded")) > 0);
        Assert.True(metrics.Sum(MetricCatalog.StorageDuration.PrometheusName + "_count", ("operation", "write"), ("result", "succeeded")) > recorded / 10);
    }

    private static double? State(Exposition metrics, string state) => Value(metrics, MetricCatalog.State, Search, ("state", state));

    private static double? Value(Exposition metrics, MetricDefinition metric, params (string, string)[] labels) => metrics.Value(metric.PrometheusName, labels);

    private async Task<JsonObject> FrontAsync() =>
        JsonNode.Parse((await _cluster.RunAsync("search", "front", Name, "--format", "json")).Ended(0).Output)!.AsObject();

    private Task<Exposition> UntilAsync(Func<Exposition, bool> holds, string what) => Eventually.ReadAsync(_cluster.Silo.ScrapeAsync, holds, what);
}
