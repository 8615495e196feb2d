using System.Diagnostics.Metrics;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Core.Telemetry;

/// <summary>The metrics of <see cref="MetricCatalog"/>, for hosts to report to.</summary>
/// <remarks>One per process. Safe to report to from any thread; reporting costs next to nothing while nobody listens.</remarks>
public sealed class SearchMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Counter<long> _evaluations;
    private readonly Histogram<double> _evaluationDuration;
    private readonly Counter<long> _tokensScored;
    private readonly Counter<long> _leasesExpired;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _cacheLookUps;
    private readonly Histogram<double> _storageDuration;
    private readonly TagLimit _searchNames = new(MetricTags.MaximumSearches);
    private readonly TagLimit _evaluatorNames = new(MetricTags.MaximumEvaluators);
    private readonly GaugeSet<SearchGauges> _searches = new(MetricTags.MaximumSearches);
    private readonly GaugeSet<Device> _devices = new(MetricTags.MaximumEvaluators);
    private volatile EvaluatorReading? _evaluators;
    private volatile SearchesReading? _known;

    /// <summary>Makes the instruments.</summary>
    /// <param name="version">The program's version.</param>
    /// <param name="factory">The host's factory of meters; null for a meter of its own.</param>
    public SearchMetrics(string version, IMeterFactory? factory = null)
    {
        var options = new MeterOptions(MetricNames.Meter);
        _ownsMeter = factory is null;
        _meter = factory?.Create(options) ?? new Meter(options);
        _evaluations = Counter(MetricCatalog.Evaluations);
        _evaluationDuration = Histogram(MetricCatalog.EvaluationDuration);
        _tokensScored = Counter(MetricCatalog.TokensScored);
        _leasesExpired = Counter(MetricCatalog.LeasesExpired);
        _retries = Counter(MetricCatalog.Retries);
        _cacheLookUps = Counter(MetricCatalog.CacheLookUps);
        _storageDuration = Histogram(MetricCatalog.StorageDuration);
        SearchGauge<long>(MetricCatalog.QueueDepth, r => r.Status.Queued);
        SearchGauge<long>(MetricCatalog.InFlight, r => r.Status.InFlight);
        SearchGauge<long>(MetricCatalog.Budget, r => r.Budget);
        SearchGauge<long>(MetricCatalog.Recorded, r => r.Status.Told);
        SearchGauge<long>(MetricCatalog.EvaluatorsWanted, r => r.Status.EvaluatorsWanted);
        SearchGauge<long>(MetricCatalog.Generation, r => r.Status.Generation);
        SearchGauge<long>(MetricCatalog.FrontSize, r => r.Front?.Size);
        SearchGauge<double>(MetricCatalog.Hypervolume, r => r.Front?.Hypervolume);
        TaggedSearchGauge<long>(MetricCatalog.State, MetricTags.State, r => Phases.Select(p => (p.Word, p.Phase == r.Status.Phase ? 1L : 0)));
        TaggedSearchGauge<long>(MetricCatalog.SearchEvaluators, MetricTags.State, r =>
            [(MetricTags.Busy, r.Status.Evaluators - r.Status.EvaluatorsIdle), (MetricTags.Idle, r.Status.EvaluatorsIdle)]);
        TaggedSearchGauge<double>(MetricCatalog.Best, MetricTags.Objective, r => r.Front?.Best ?? []);
        TaggedSearchGauge<double>(MetricCatalog.PredictorKendallTau, MetricTags.Objective, r => r.Status.Predictors.Select(f => (f.Objective, f.KendallTau)));
        TaggedSearchGauge<double>(
            MetricCatalog.PredictorError, MetricTags.Objective, r => r.Status.Predictors.Select(f => (f.Objective, f.MeanAbsolutePercentageError)));
        Gauge(MetricCatalog.Evaluators, ObserveEvaluators);
        Gauge(MetricCatalog.Searches, ObserveSearches);
        DeviceGauge(MetricCatalog.DeviceMemory, r => r.Bytes);
        DeviceGauge(MetricCatalog.SuperNetworks, r => r.SuperNetworks);
        Gauge<long>(MetricCatalog.Build, () => [new(1, new KeyValuePair<string, object?>(MetricTags.Version, version))]);
    }

    /// <summary>The meter, for tests.</summary>
    internal Meter Meter => _meter;

    private static (ControllerPhase Phase, string Word)[] Phases { get; } =
    [
        (ControllerPhase.Running, MetricTags.Running), (ControllerPhase.Paused, MetricTags.Paused),
        (ControllerPhase.Stopping, MetricTags.Stopping), (ControllerPhase.Finished, MetricTags.Finished),
    ];

    /// <summary>Says how many evaluators this process knows of; null when that is no longer its business.</summary>
    public void Report(EvaluatorReading? evaluators) => _evaluators = evaluators;

    /// <summary>Says which searches this process knows of; null when that is no longer its business.</summary>
    public void Report(SearchesReading? searches) => _known = searches;

    /// <summary>Counts an outcome that became durable.</summary>
    /// <param name="search">The search's name.</param>
    /// <param name="record">The outcome.</param>
    public void Recorded(string search, OutcomeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var result = record.Source switch
        {
            OutcomeSource.Remembered => MetricTags.Remembered,
            OutcomeSource.Parked => MetricTags.Parked,
            _ => Result(record.Outcome.IsSuccess),
        };
        _evaluations.Add(1, SearchTag(search), new(MetricTags.Result, result));
    }

    /// <summary>Counts an evaluation.</summary>
    /// <param name="evaluator">Who made it.</param>
    /// <param name="duration">How long it took; of one made together with others, its share.</param>
    /// <param name="outcome">What came of it.</param>
    public void Evaluated(string evaluator, TimeSpan duration, EvaluationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        _evaluationDuration.Record(duration.TotalSeconds, EvaluatorTag(evaluator), new(MetricTags.Result, Result(outcome.IsSuccess)));
    }

    /// <summary>Counts tokens scored.</summary>
    /// <param name="evaluator">Who scored them.</param>
    /// <param name="count">How many, once for each sub-network.</param>
    public void TokensScored(string evaluator, long count) => _tokensScored.Add(count, EvaluatorTag(evaluator));

    /// <summary>Counts a lease that ran out.</summary>
    /// <param name="search">The search's name.</param>
    public void LeaseExpired(string search) => _leasesExpired.Add(1, SearchTag(search));

    /// <summary>Counts trials put back to be evaluated again.</summary>
    /// <param name="search">The search's name.</param>
    /// <param name="trials">How many.</param>
    public void Retried(string search, long trials) => _retries.Add(trials, SearchTag(search));

    /// <summary>Counts look-ups in the cache.</summary>
    /// <param name="hits">Keys that were there.</param>
    /// <param name="misses">Keys that were not.</param>
    public void LookedUp(long hits, long misses)
    {
        _cacheLookUps.Add(hits, new KeyValuePair<string, object?>(MetricTags.Result, MetricTags.Hit));
        _cacheLookUps.Add(misses, new KeyValuePair<string, object?>(MetricTags.Result, MetricTags.Miss));
    }

    /// <summary>Counts an answer of storage.</summary>
    /// <param name="operation">What it was asked to do.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="succeeded">Whether it did; a conflict is a failure.</param>
    public void Stored(StorageOperation operation, TimeSpan duration, bool succeeded) =>
        _storageDuration.Record(duration.TotalSeconds, new(MetricTags.Operation, Word(operation)), new(MetricTags.Result, Result(succeeded)));

    /// <summary>Shows the gauges of a search until they are disposed of. Of several of one name, the latest is shown.</summary>
    /// <param name="search">The search's name; beyond <see cref="MetricTags.MaximumSearches"/> at once, none are shown.</param>
    public SearchGauges Watch(string search)
    {
        // Counters that begin with their first event show no increase by it: whoever waits for one would miss it.
        foreach (var result in (string[])[MetricTags.Succeeded, MetricTags.Failed, MetricTags.Remembered, MetricTags.Parked])
        {
            _evaluations.Add(0, SearchTag(search), new(MetricTags.Result, result));
        }

        LookedUp(0, 0);
        _leasesExpired.Add(0, SearchTag(search));
        _retries.Add(0, SearchTag(search));
        return new SearchGauges(_searches, search);
    }

    /// <summary>Shows what an evaluator's device holds until the result is disposed of.</summary>
    /// <param name="evaluator">The evaluator's name; beyond <see cref="MetricTags.MaximumEvaluators"/> at once, none are shown.</param>
    /// <param name="read">Asked whenever metrics are collected, on any thread; it must be quick and not fail.</param>
    public IDisposable WatchDevice(string evaluator, Func<DeviceReading> read)
    {
        TokensScored(evaluator, 0);
        return new Device(_devices, evaluator, read);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A factory disposes of its meters itself.
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    private static string Result(bool succeeded) => succeeded ? MetricTags.Succeeded : MetricTags.Failed;

    private static string Word(StorageOperation operation) => operation switch
    {
        StorageOperation.Read => "read",
        StorageOperation.Write => "write",
        StorageOperation.Delete => "delete",
        StorageOperation.Find => "find",
        StorageOperation.Put => "put",
        StorageOperation.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Unknown operation."),
    };

    private KeyValuePair<string, object?> SearchTag(string search) => new(MetricTags.Search, _searchNames.Of(search));

    private KeyValuePair<string, object?> EvaluatorTag(string evaluator) => new(MetricTags.Evaluator, _evaluatorNames.Of(evaluator));

    private Counter<long> Counter(MetricDefinition metric) => _meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);

    private Histogram<double> Histogram(MetricDefinition metric) => _meter.CreateHistogram(
        metric.Name, metric.Unit, metric.Description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = metric.Boundaries });

    private void Gauge<T>(MetricDefinition metric, Func<IEnumerable<Measurement<T>>> observe)
        where T : struct => _meter.CreateObservableGauge(metric.Name, observe, metric.Unit, metric.Description);

    /// <summary>A gauge of every search that says something of it.</summary>
    private void SearchGauge<T>(MetricDefinition metric, Func<SearchReading, T?> valueOf)
        where T : struct => Gauge(metric, () => Readings()
            .Select(s => (s.Search, Value: valueOf(s.Reading)))
            .Where(s => s.Value is not null)
            .Select(s => new Measurement<T>(s.Value!.Value, new KeyValuePair<string, object?>(MetricTags.Search, s.Search))));

    /// <summary>A gauge of every search with several values, told apart by one more tag.</summary>
    private void TaggedSearchGauge<T>(MetricDefinition metric, string tag, Func<SearchReading, IEnumerable<(string Word, T Value)>> valuesOf)
        where T : struct => Gauge(metric, () => Readings().SelectMany(s => valuesOf(s.Reading).Select(v => new Measurement<T>(
            v.Value, new KeyValuePair<string, object?>(MetricTags.Search, s.Search), new KeyValuePair<string, object?>(tag, v.Word)))));

    private IEnumerable<(string Search, SearchReading Reading)> Readings() =>
        _searches.Shown().Where(s => s.Value.Reading is not null).Select(s => (s.Key, s.Value.Reading!));

    private void DeviceGauge(MetricDefinition metric, Func<DeviceReading, long> valueOf) => Gauge(metric, () => _devices.Shown()
        .Select(d => new Measurement<long>(valueOf(d.Value.Read()), new KeyValuePair<string, object?>(MetricTags.Evaluator, d.Key))));

    private IEnumerable<Measurement<long>> ObserveEvaluators() => _evaluators is { } evaluators
        ? ByState((MetricTags.Busy, evaluators.Busy), (MetricTags.Idle, evaluators.Idle))
        : [];

    private IEnumerable<Measurement<long>> ObserveSearches() => _known is { } known
        ? ByState(
            (MetricTags.Running, known.Running), (MetricTags.Paused, known.Paused), (MetricTags.Stopped, known.Stopped),
            (MetricTags.Completed, known.Completed), (MetricTags.Failed, known.Failed))
        : [];

    private static IEnumerable<Measurement<long>> ByState(params (string State, long Count)[] counts) =>
        counts.Select(c => new Measurement<long>(c.Count, new KeyValuePair<string, object?>(MetricTags.State, c.State)));

    private sealed class Device : IDisposable
    {
        private readonly GaugeSet<Device> _shown;
        private readonly string _evaluator;

        internal Device(GaugeSet<Device> shown, string evaluator, Func<DeviceReading> read)
        {
            _shown = shown;
            _evaluator = evaluator;
            Read = read;
            shown.Add(evaluator, this);
        }

        internal Func<DeviceReading> Read { get; }

        public void Dispose() => _shown.Remove(_evaluator, this);
    }
}
