using System.Diagnostics.Metrics;
using System.Reflection;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Telemetry;

namespace NasCluster.Core.Tests.Telemetry;

public sealed class SearchMetricsTests : IDisposable
{
    private readonly SearchMetrics _metrics = new();
    private readonly Readings _readings;

    public SearchMetricsTests() => _readings = new Readings(_metrics.Meter);

    public void Dispose()
    {
        _readings.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Instruments_AreThoseOfTheCatalogWithUnitAndDescription()
    {
        Assert.Equal(
            MetricCatalog.All.Select(m => (m.Name, m.Kind, (string?)m.Unit, (string?)m.Description)).Order(),
            _readings.Instruments.Select(i => (i.Name, KindOf(i), i.Unit, i.Description)).Order());
        Assert.Equal("NasCluster", _metrics.Meter.Name);
        foreach (var histogram in _readings.Instruments.OfType<Histogram<double>>())
        {
            var metric = MetricCatalog.All.Single(m => m.Name == histogram.Name);
            Assert.Equal(metric.Boundaries, histogram.Advice!.HistogramBucketBoundaries!);
            Assert.True(metric.Boundaries.Length > 5);
            Assert.Equal(metric.Boundaries.Order().Distinct(), metric.Boundaries);
        }
    }

    [Fact]
    public void All_HasEveryNameAndEveryDefinitionOnce()
    {
        var names = typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.Name != nameof(MetricNames.Meter))
            .Select(f => (string)f.GetRawConstantValue()!);
        Assert.Equal(names.Order(StringComparer.Ordinal), MetricCatalog.All.Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.All(MetricCatalog.All, m =>
        {
            Assert.Matches("^nascluster(\\.[a-z_]+)+$", m.Name);
            Assert.Matches("^(s|By|\\{[a-z]+\\})$", m.Unit);
            Assert.EndsWith(".", m.Description, StringComparison.Ordinal);
            Assert.Equal(m.Kind == MetricKind.Histogram, m.Boundaries.Length > 0);
        });
    }

    [Fact]
    public void Report_Everything_CarriesTheTagsOfTheCatalogAndNoOthers()
    {
        ReportEverything();

        var tags = _readings.Take().Select(l => l.Split(' ')).GroupBy(l => l[0], l => l[1..^1].Select(t => t.Split('=')[0]).ToArray()).ToArray();

        Assert.Equal(MetricCatalog.All.Select(m => m.Name).Order(StringComparer.Ordinal), tags.Select(t => t.Key).Order(StringComparer.Ordinal));
        Assert.All(tags, t => Assert.All(t, names => Assert.Equal(MetricCatalog.All.Single(m => m.Name == t.Key).Tags, names)));
    }

    [Fact]
    public void Recorded_EverySource_IsCountedByResult()
    {
        _metrics.Recorded("s", Record(OutcomeSource.Evaluated, true));
        _metrics.Recorded("s", Record(OutcomeSource.Evaluated, false));
        _metrics.Recorded("s", Record(OutcomeSource.Remembered, true));
        _metrics.Recorded("s", Record(OutcomeSource.Parked, false));

        Assert.Equal(
            ["succeeded", "failed", "remembered", "parked"],
            _readings.Take().Select(l => l.Replace("nascluster.evaluations search=s result=", "", StringComparison.Ordinal).Replace(" 1", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Counters_AndHistograms_HaveTheirValues()
    {
        _metrics.Evaluated("e", TimeSpan.FromMilliseconds(1500), Outcome(true));
        _metrics.TokensScored("e", 8192);
        _metrics.LeaseExpired("s");
        _metrics.Retried("s", 3);
        _metrics.LookedUp(2, 5);
        _metrics.Stored(StorageOperation.Put, TimeSpan.FromMilliseconds(20), false);

        Assert.Equal(
            [
                "nascluster.evaluation.duration evaluator=e result=succeeded 1.5",
                "nascluster.tokens.scored evaluator=e 8192",
                "nascluster.leases.expired search=s 1",
                "nascluster.retries search=s 3",
                "nascluster.cache.lookups result=hit 2",
                "nascluster.cache.lookups result=miss 5",
                "nascluster.storage.duration operation=put result=failed 0.02",
            ],
            _readings.Take());
    }

    [Fact]
    public void Watch_ASearch_ShowsWhatIsKnownUntilDisposedOf()
    {
        using var a = _metrics.Watch("a");
        var b = _metrics.Watch("b");
        Assert.Empty(_readings.Take());

        a.Report(new SearchReading(7, 3));
        b.Report(new SearchReading(0, 1, 0.25, 12));
        Assert.Equal(
            [
                "nascluster.queue.depth search=a 7", "nascluster.queue.depth search=b 0",
                "nascluster.search.front_size search=a 3", "nascluster.search.front_size search=b 1",
                "nascluster.search.generation search=b 12", "nascluster.search.hypervolume search=b 0.25",
            ],
            _readings.Take().Order(StringComparer.Ordinal));

        b.Dispose();
        Assert.Equal(["nascluster.queue.depth search=a 7", "nascluster.search.front_size search=a 3"], _readings.Take().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Watch_TheSameSearchAgain_ShowsTheLatestAloneAndTheEarlierCannotTakeItAway()
    {
        var before = _metrics.Watch("a");
        before.Report(new SearchReading(1, 1));
        using var after = _metrics.Watch("a");
        after.Report(new SearchReading(2, 2));
        before.Dispose();

        Assert.Equal(["nascluster.queue.depth search=a 2", "nascluster.search.front_size search=a 2"], _readings.Take().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Report_Evaluators_ShowUntilTakenBack()
    {
        _metrics.Report(new EvaluatorReading(3, 1));
        Assert.Equal(["nascluster.evaluators state=busy 3", "nascluster.evaluators state=idle 1"], _readings.Take());
        _metrics.Report(null);
        Assert.Empty(_readings.Take());
    }

    [Fact]
    public void WatchDevice_IsAskedWheneverMetricsAreCollected()
    {
        var bytes = 10L;
        using (_metrics.WatchDevice("e", () => bytes++))
        {
            Assert.Equal(["nascluster.device.memory evaluator=e 10"], _readings.Take());
            Assert.Equal(["nascluster.device.memory evaluator=e 11"], _readings.Take());
        }

        Assert.Empty(_readings.Take());
    }

    [Fact]
    public void Tags_ManyNames_AreBounded()
    {
        for (var i = 0; i < 1000; i++)
        {
            _metrics.LeaseExpired($"s{i}");
            _metrics.TokensScored($"e{i}", 1);
            _metrics.Watch($"s{i}").Report(new SearchReading(i, i));
            _ = _metrics.WatchDevice($"e{i}", () => 1);
        }

        _metrics.LeaseExpired("s0");
        var lines = _readings.Take();

        Assert.Equal(MetricTags.MaximumSearches + 1, Distinct("nascluster.leases.expired"));
        Assert.Equal(MetricTags.MaximumEvaluators + 1, Distinct("nascluster.tokens.scored"));
        Assert.Equal(MetricTags.MaximumSearches, Distinct("nascluster.queue.depth"));
        Assert.Equal(MetricTags.MaximumEvaluators, Distinct("nascluster.device.memory"));
        Assert.Equal(2, lines.Count(l => l == "nascluster.leases.expired search=s0 1"));
        Assert.Equal(1000 - MetricTags.MaximumSearches, lines.Count(l => l == "nascluster.leases.expired search=other 1"));

        int Distinct(string name) => lines.Where(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]).Distinct().Count();
    }

    [Fact]
    public void Constructor_GivenAFactory_UsesItsMeterAndLeavesItAlone()
    {
        using var factory = new OneMeter();
        var metrics = new SearchMetrics(factory);
        using var readings = new Readings(factory.Meter!);
        metrics.Dispose();
        metrics.LeaseExpired("s");

        Assert.Equal("NasCluster", factory.Meter!.Name);
        Assert.Equal(MetricCatalog.All.Length, readings.Instruments.Count);
        Assert.Equal(["nascluster.leases.expired search=s 1"], readings.Take());
    }

    private void ReportEverything()
    {
        _metrics.Recorded("s", Record(OutcomeSource.Evaluated, true));
        _metrics.Evaluated("e", TimeSpan.FromSeconds(1), Outcome(false));
        _metrics.TokensScored("e", 1);
        _metrics.LeaseExpired("s");
        _metrics.Retried("s", 1);
        _metrics.LookedUp(1, 1);
        foreach (var operation in Enum.GetValues<StorageOperation>())
        {
            _metrics.Stored(operation, TimeSpan.Zero, true);
        }

        _metrics.Report(new EvaluatorReading(1, 1));
        _metrics.Watch("s").Report(new SearchReading(1, 1, 1, 1));
        _ = _metrics.WatchDevice("e", () => 1);
    }

    private static MetricKind KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> => MetricKind.Counter,
        Histogram<double> => MetricKind.Histogram,
        ObservableGauge<long> or ObservableGauge<double> => MetricKind.Gauge,
        _ => throw new InvalidOperationException(instrument.GetType().Name),
    };

    private static EvaluationOutcome Outcome(bool succeeded) =>
        succeeded ? EvaluationOutcome.Success([new ObjectiveValue(1, 0)]) : EvaluationOutcome.Failed("no");

    private static OutcomeRecord Record(OutcomeSource source, bool succeeded) => new(
        0, new Trial(new TrialId(0), new Genome([0])), new EvaluationKey("k"), Outcome(succeeded), source, DateTimeOffset.UnixEpoch);

    private sealed class OneMeter : IMeterFactory
    {
        internal Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) => Meter = new Meter(options);

        public void Dispose() => Meter?.Dispose();
    }
}
