using System.Xml.Linq;
using NasCluster.Cluster.Tests.Dashboards.Pictures;
using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.Dashboards;

/// <summary>Every expression of dashboards and rules, asked of a real Prometheus that watched a real cluster in good and bad times.</summary>
public sealed class DashboardDataTests(WatchedCluster cluster) : IClassFixture<WatchedCluster>
{
    /// <summary>What is zero or absent while all is well, and what the run did to it.</summary>
    private static readonly string[] ZeroWhenHealthy =
    [
        """nascluster:silo_pings_missed:increase1m""", // Evaluators were killed.
        """nascluster:silos_lost:count15m""",
        """nascluster:silos_missing:count15m""",
        """nascluster:storage_errors:ratio5m""", // Storage was ended.
        """rate(nascluster_storage_duration_seconds_count{result="failed"}[10s])""",
        """nascluster_search_state{state="running"} == 1 and on (search) nascluster:search_recorded:increase30m == 0""", // There was no evaluator for a while.
    ];

    /// <summary>Alerts that the run does not bring about: here what they compare has data; <see cref="UnluckyTests"/> makes the first fire, promtool's tests both.</summary>
    private static readonly Dictionary<string, string> NotProvoked = new()
    {
        ["NasClusterDeviceMemoryHigh"] = "nascluster:device_memory:ratio", // A few megabytes of many.
        ["NasClusterHypervolumeFlat"] = "nascluster:search_hypervolume_growth:ratio1h", // Whether it is, the search decides.
    };

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Panels_OfDashboards_HaveData()
    {
        var queries = ShippedDashboard.All.SelectMany(d => d.Panels).SelectMany(p => p.Queries.Select(q => (p.Name, q.Expression)))
            .Concat(ShippedDashboard.All.SelectMany(d => d.Annotations)).ToArray();
        Assert.True(queries.Length > 40, $"There are only {queries.Length} queries.");
        Assert.Empty(await WithoutDataAsync(queries));
    }

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Series_OfPanels_AreCalledByLabelsTheyHave()
    {
        foreach (var panel in ShippedDashboard.All.SelectMany(d => d.Panels))
        {
            foreach (var (expression, legend) in panel.Queries)
            {
                var names = (await cluster.OverTheRunAsync(expression)).Select(s => SeriesName.Of(legend, s)).ToArray();
                Assert.DoesNotContain(names, string.IsNullOrWhiteSpace);
                Assert.True(panel.Repeated is not null || names.Distinct().Count() == names.Length, $"{panel.Name}: two series are called the same: {string.Join(", ", names)}");
            }
        }
    }

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Variables_OfDashboards_HaveValues()
    {
        foreach (var (name, expression, label) in ShippedDashboard.All.SelectMany(d => d.Variables))
        {
            Assert.NotEmpty((await cluster.OverTheRunAsync(expression)).Select(s => s.Labels.GetValueOrDefault(label)).OfType<string>());
            Assert.NotEmpty(name);
        }
    }

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Rules_Recorded_HaveDataAndNoErrors()
    {
        var rules = await cluster.Prometheus.RulesAsync();
        Assert.Empty(rules.Where(r => r.Error.Length > 0));
        var recorded = rules.Where(r => !r.IsAlert).ToArray();
        Assert.True(recorded.Length > 10, $"There are only {recorded.Length} recording rules.");
        Assert.Empty(await WithoutDataAsync(recorded.Select(r => (r.Name, r.Name))));
    }

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Alerts_OfRules_FiredForWhatWasBroughtAbout()
    {
        var alerts = (await cluster.Prometheus.RulesAsync()).Where(r => r.IsAlert).Select(r => r.Name).ToArray();
        Assert.Subset(alerts.ToHashSet(), NotProvoked.Keys.ToHashSet());
        Assert.Empty(await WithoutDataAsync(alerts.Except(NotProvoked.Keys).Select(a => (a, $"ALERTS{{alertname=\"{a}\", alertstate=\"firing\"}}"))));
        Assert.Empty(await WithoutDataAsync(NotProvoked.Select(a => (a.Key, a.Value))));
    }

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Alerts_BeforeAnythingWasBroughtAbout_WereSilent()
    {
        var before = await cluster.Prometheus.RangeAsync("ALERTS{alertstate=\"firing\", alertname!=\"NasClusterHypervolumeFlat\"}", cluster.From, cluster.Trouble);
        Assert.Empty(before.Select(s => s.Labels["alertname"]));
    }

    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Series_ZeroWhenHealthy_RoseAboveZero() =>
        Assert.Empty(await WithoutDataAsync(ZeroWhenHealthy.Select(e => (e, e.Contains(" == ", StringComparison.Ordinal) ? e : $"({e}) > 0"))));

    /// <summary>The environment variable <c>NASCLUSTER_DASHBOARD_PICTURES</c> names a folder to keep the pictures in, such as <c>docs</c>.</summary>
    [ServerFact(Needs.Prometheus | Needs.Azurite)]
    public async Task Pictures_OfDashboards_ShowEveryPanel()
    {
        foreach (var dashboard in ShippedDashboard.All)
        {
            var end = dashboard.Title == "Search" ? cluster.Nearly : cluster.To; // A search that is over has nothing to say of now.
            var picture = await DashboardPicture.DrawAsync(dashboard, cluster.Prometheus, cluster.From, end);
            if (Environment.GetEnvironmentVariable("NASCLUSTER_DASHBOARD_PICTURES") is { Length: > 0 } folder)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"dashboard-{Path.GetFileNameWithoutExtension(dashboard.File)}.svg"), picture);
            }

            var words = XDocument.Parse(picture).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToHashSet();
            Assert.Superset(dashboard.Panels.Where(p => p.Repeated is null).Select(p => p.Title).ToHashSet(), words);
            Assert.DoesNotContain("no data", words);
        }
    }

    private async Task<string[]> WithoutDataAsync(IEnumerable<(string Name, string Expression)> queries)
    {
        var empty = new List<string>();
        foreach (var (name, expression) in queries)
        {
            if (!(await cluster.OverTheRunAsync(expression)).Any(s => s.Points.Length > 0))
            {
                empty.Add($"{name}: {expression}");
            }
        }

        return [.. empty];
    }
}
