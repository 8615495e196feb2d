using System.Diagnostics.Metrics;
using System.Reflection;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search;
using NasCluster.Core.Telemetry;

namespace NasCluster.Core.Tests.Telemetry;

public sealed class SearchMetricsTests : IDisposable
{
    private static readonly ControllerStatus Status = new()
    {
        Phase = ControllerPhase.Running,
        Told = 40,
        Untold = 2,
        Parked = 1,
        Queued = 7,
        Undecided = 15,
        Leases = 2,
        InFlight = 6,
        LeasesExpired = 3,
        Retries = 4,
        Evaluators = 5,
        EvaluatorsIdle = 2,
        EvaluatorsWanted = 9,
        Generation = null,
        Predictors = [],
    };

    private static readonly PredictorFit Fit = new(3, "loss", PredictorKind.Ridge, 0.75, 0.125, 150);

    /// <summary>What every collection shows, whatever is reported.</summary>
    private const string Build = "nascluster.build.info version=1.2.3 1";

    private readonly SearchMetrics _metrics = new("1.2.3");
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
    public void Build_NothingReported_IsShown() => Assert.Equal([Build], _readings.Take());

    [Fact]
    public void Recorded_EverySource_IsCountedByResult()
    {
        _metrics.Recorded("s", Record(OutcomeSource.Evaluated, true));
        _metrics.Recorded("s", Record(OutcomeSource.Evaluated, false));
        _metrics.Recorded("s", Record(OutcomeSource.Remembered, true));
        _metrics.Recorded("s", Record(OutcomeSource.Parked, false));

        Assert.Equal(
            ["succeeded", "failed", "remembered", "parked"],
            Taken().Select(l => l.Replace("nascluster.evaluations search=s result=", "", StringComparison.Ordinal).Replace(" 1", "", StringComparison.Ordinal)));
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
            Taken());
    }

    [Fact]
    public void Watch_ASearch_ShowsWhatIsKnownUntilDisposedOf()
    {
        using var a = _metrics.Watch("a");
        var b = _metrics.Watch("b");
        Assert.Empty(Shown());

        a.Report(new SearchReading(Status, 250));
        b.Report(new SearchReading(
            Status with { Phase = ControllerPhase.Paused, Generation = 12, Evaluators = 0, EvaluatorsIdle = 0, Predictors = [Fit] }, 90, new FrontReading(3, 0.25, [("loss", 1.5), ("speed", 70)])));
        string[] ofA =
        [
            "nascluster.queue.depth search=a 7",
            "nascluster.search.budget search=a 250",
            "nascluster.search.evaluators search=a state=busy 3",
            "nascluster.search.evaluators search=a state=idle 2",
            "nascluster.search.evaluators_wanted search=a 9",
            "nascluster.search.in_flight search=a 6",
            "nascluster.search.recorded search=a 40",
            "nascluster.search.state search=a state=finished 0",
            "nascluster.search.state search=a state=paused 0",
            "nascluster.search.state search=a state=running 1",
            "nascluster.search.state search=a state=stopping 0",
        ];
        var shown = Shown();
        Assert.Equal(ofA, shown.Where(l => l.Contains("search=a", StringComparison.Ordinal)));
        Assert.Equal(
            [
                "nascluster.queue.depth search=b 7",
                "nascluster.search.best search=b objective=loss 1.5",
                "nascluster.search.best search=b objective=speed 70",
                "nascluster.search.budget search=b 90",
                "nascluster.search.evaluators search=b state=busy 0",
                "nascluster.search.evaluators search=b state=idle 0",
                "nascluster.search.evaluators_wanted search=b 9",
                "nascluster.search.front_size search=b 3",
                "nascluster.search.generation search=b 12",
                "nascluster.search.hypervolume search=b 0.25",
                "nascluster.search.in_flight search=b 6",
                "nascluster.search.predictor_kendall_tau search=b objective=loss 0.75",
                "nascluster.search.predictor_mape search=b objective=loss 0.125",
                "nascluster.search.recorded search=b 40",
                "nascluster.search.state search=b state=finished 0",
                "nascluster.search.state search=b state=paused 1",
                "nascluster.search.state search=b state=running 0",
                "nascluster.search.state search=b state=stopping 0",
            ],
            shown.Where(l => l.Contains("search=b", StringComparison.Ordinal)));

        b.Dispose();
        Assert.Equal(ofA, Shown());
    }

    [Theory]
    [InlineData(ControllerPhase.Running, "running")]
    [InlineData(ControllerPhase.Paused, "paused")]
    [InlineData(ControllerPhase.Stopping, "stopping")]
    [InlineData(ControllerPhase.Finished, "finished")]
    public void Watch_SearchInAnyPhase_IsInOneState(ControllerPhase phase, string state)
    {
        using var a = _metrics.Watch("a");
        a.Report(new SearchReading(Status with { Phase = phase }, 1));

        var states = Shown().Where(l => l.StartsWith("nascluster.search.state ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Enum.GetValues<ControllerPhase>().Length, states.Length);
        Assert.Equal($"nascluster.search.state search=a state={state} 1", Assert.Single(states, l => l.EndsWith(" 1", StringComparison.Ordinal)));
    }

    [Fact]
    public void Watch_TheSameSearchAgain_ShowsTheLatestAloneAndTheEarlierCannotTakeItAway()
    {
        var before = _metrics.Watch("a");
        before.Report(new SearchReading(Status, 1));
        using var after = _metrics.Watch("a");
        after.Report(new SearchReading(Status, 2));
        before.Dispose();

        Assert.Equal("nascluster.search.budget search=a 2", Assert.Single(Shown(), l => l.StartsWith("nascluster.search.budget ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Report_Searches_ShowUntilTakenBack()
    {
        _metrics.Report(new SearchesReading(3, 1, 4, 5, 9));
        Assert.Equal(
            [
                "nascluster.searches state=completed 5", "nascluster.searches state=failed 9", "nascluster.searches state=paused 1",
                "nascluster.searches state=running 3", "nascluster.searches state=stopped 4",
            ],
            Shown());
        _metrics.Report((SearchesReading?)null);
        Assert.Empty(Shown());
    }

    [Fact]
    public void Report_Evaluators_ShowUntilTakenBack()
    {
        _metrics.Report(new EvaluatorReading(3, 1));
        Assert.Equal(["nascluster.evaluators state=busy 3", "nascluster.evaluators state=idle 1"], Shown());
        _metrics.Report((EvaluatorReading?)null);
        Assert.Empty(Shown());
    }

    [Fact]
    public void WatchDevice_IsAskedWheneverMetricsAreCollected()
    {
        var bytes = 10L;
        using (_metrics.WatchDevice("e", () => new DeviceReading(bytes, 2)))
        {
            Assert.Equal(["nascluster.device.memory evaluator=e 10", "nascluster.device.super_networks evaluator=e 2"], Shown());
            bytes = 11;
            Assert.Equal(["nascluster.device.memory evaluator=e 11", "nascluster.device.super_networks evaluator=e 2"], Shown());
        }

        Assert.Empty(Shown());
    }

    [Fact]
    public void Watch_NothingHappenedYet_HasItsCountersAtZero()
    {
        using var search = _metrics.Watch("s");
        using var device = _metrics.WatchDevice("e", () => new DeviceReading(0, 0));

        Assert.Equal(
            [
                "nascluster.cache.lookups result=hit 0",
                "nascluster.cache.lookups result=miss 0",
                "nascluster.evaluations search=s result=failed 0",
                "nascluster.evaluations search=s result=parked 0",
                "nascluster.evaluations search=s result=remembered 0",
                "nascluster.evaluations search=s result=succeeded 0",
                "nascluster.leases.expired search=s 0",
                "nascluster.retries search=s 0",
                "nascluster.tokens.scored evaluator=e 0",
            ],
            _readings.Take().Where(IsCounter).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nascluster.evaluations", "nascluster_evaluations_total")]
    [InlineData("nascluster.evaluation.duration", "nascluster_evaluation_duration_seconds")]
    [InlineData("nascluster.device.memory", "nascluster_device_memory_bytes")]
    [InlineData("nascluster.search.front_size", "nascluster_search_front_size")]
    public void PrometheusName_OfEveryKind_IsAsItIsServed(string name, string served) =>
        Assert.Equal(served, MetricCatalog.All.Single(m => m.Name == name).PrometheusName);

    [Fact]
    public void Tags_ManyNames_AreBounded()
    {
        for (var i = 0; i < 1000; i++)
        {
            _metrics.LeaseExpired($"s{i}");
            _metrics.TokensScored($"e{i}", 1);
            _metrics.Watch($"s{i}").Report(new SearchReading(Status, i));
            _ = _metrics.WatchDevice($"e{i}", () => new DeviceReading(1, 1));
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
        var metrics = new SearchMetrics("1.2.3", factory);
        using var readings = new Readings(factory.Meter!);
        metrics.Dispose();
        metrics.LeaseExpired("s");

        Assert.Equal("NasCluster", factory.Meter!.Name);
        Assert.Equal(MetricCatalog.All.Length, readings.Instruments.Count);
        Assert.Equal(["nascluster.leases.expired search=s 1", Build], readings.Take());
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
        _metrics.Report(new SearchesReading(1, 1, 1, 1, 1));
        _metrics.Watch("s").Report(new SearchReading(Status with { Generation = 1, Predictors = [Fit] }, 1, new FrontReading(1, 1, [("loss", 1)])));
        _ = _metrics.WatchDevice("e", () => new DeviceReading(1, 1));
    }

    /// <summary>What was reported since the last call, the version aside, and counters that say that nothing happened yet.</summary>
    private string[] Taken() => [.. _readings.Take().Where(l => l != Build && !(IsCounter(l) && l.EndsWith(" 0", StringComparison.Ordinal)))];

    private static bool IsCounter(string line) => MetricCatalog.All.Any(m => m.Kind == MetricKind.Counter && line.StartsWith(m.Name + " ", StringComparison.Ordinal));

    private string[] Shown() => [.. Taken().Order(StringComparer.Ordinal)];

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
