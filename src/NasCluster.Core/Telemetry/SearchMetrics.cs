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

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">The host's factory of meters; null for a meter of its own.</param>
    public SearchMetrics(IMeterFactory? factory = null)
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
        SearchGauge<long>(MetricCatalog.QueueDepth, r => r.QueueDepth);
        SearchGauge<long>(MetricCatalog.FrontSize, r => r.FrontSize);
        SearchGauge<long>(MetricCatalog.Generation, r => r.Generation);
        SearchGauge<double>(MetricCatalog.Hypervolume, r => r.Hypervolume);
        Gauge(MetricCatalog.Evaluators, ObserveEvaluators);
        Gauge(MetricCatalog.DeviceMemory, ObserveDevices);
    }

    /// <summary>The meter, for tests.</summary>
    internal Meter Meter => _meter;

    /// <summary>Says how many evaluators this process knows of; null when that is no longer its business.</summary>
    public void Report(EvaluatorReading? evaluators) => _evaluators = evaluators;

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
    public SearchGauges Watch(string search) => new(_searches, search);

    /// <summary>Shows the memory of an evaluator's device until the result is disposed of.</summary>
    /// <param name="evaluator">The evaluator's name; beyond <see cref="MetricTags.MaximumEvaluators"/> at once, none are shown.</param>
    /// <param name="bytesInUse">Asked whenever metrics are collected, on any thread; it must be quick and not fail.</param>
    public IDisposable WatchDevice(string evaluator, Func<long> bytesInUse) => new Device(_devices, evaluator, bytesInUse);

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

    private void SearchGauge<T>(MetricDefinition metric, Func<SearchReading, T?> valueOf)
        where T : struct => Gauge(metric, () => _searches.Shown()
            .Select(s => (s.Key, Value: s.Value.Reading is { } reading ? valueOf(reading) : null))
            .Where(s => s.Value is not null)
            .Select(s => new Measurement<T>(s.Value!.Value, new KeyValuePair<string, object?>(MetricTags.Search, s.Key))));

    private IEnumerable<Measurement<long>> ObserveEvaluators() => _evaluators is { } evaluators
        ?
        [
            new Measurement<long>(evaluators.Busy, new KeyValuePair<string, object?>(MetricTags.State, MetricTags.Busy)),
            new Measurement<long>(evaluators.Idle, new KeyValuePair<string, object?>(MetricTags.State, MetricTags.Idle)),
        ]
        : [];

    private IEnumerable<Measurement<long>> ObserveDevices() => _devices.Shown()
        .Select(d => new Measurement<long>(d.Value.BytesInUse(), new KeyValuePair<string, object?>(MetricTags.Evaluator, d.Key)));

    private sealed class Device : IDisposable
    {
        private readonly GaugeSet<Device> _shown;
        private readonly string _evaluator;

        internal Device(GaugeSet<Device> shown, string evaluator, Func<long> bytesInUse)
        {
            _shown = shown;
            _evaluator = evaluator;
            BytesInUse = bytesInUse;
            shown.Add(evaluator, this);
        }

        internal Func<long> BytesInUse { get; }

        public void Dispose() => _shown.Remove(_evaluator, this);
    }
}
