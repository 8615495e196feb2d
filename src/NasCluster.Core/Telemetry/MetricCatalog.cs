using System.Collections.Immutable;

namespace NasCluster.Core.Telemetry;

/// <summary>Every metric there is.</summary>
public static class MetricCatalog
{
    /// <summary>Outcomes recorded; result: succeeded, failed, remembered, parked.</summary>
    public static MetricDefinition Evaluations { get; } = new(
        MetricNames.Evaluations, MetricKind.Counter, "{evaluation}", "Outcomes recorded, by how they came about.", MetricTags.Search, MetricTags.Result);

    /// <summary>Seconds per evaluation; result: succeeded, failed.</summary>
    /// <remarks>From small models scored in milliseconds to large ones that take half an hour.</remarks>
    public static MetricDefinition EvaluationDuration { get; } = new(
        MetricNames.EvaluationDuration, MetricKind.Histogram, "s", "Time an evaluator took for one evaluation.", [MetricTags.Evaluator, MetricTags.Result],
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800]);

    /// <summary>Tokens scored.</summary>
    public static MetricDefinition TokensScored { get; } = new(
        MetricNames.TokensScored, MetricKind.Counter, "{token}", "Tokens of texts and tasks scored, once for each sub-network.", MetricTags.Evaluator);

    /// <summary>Trials that wait for an evaluator.</summary>
    public static MetricDefinition QueueDepth { get; } = new(
        MetricNames.QueueDepth, MetricKind.Gauge, "{trial}", "Trials that wait for an evaluator.", MetricTags.Search);

    /// <summary>Evaluators; state: busy, idle.</summary>
    public static MetricDefinition Evaluators { get; } = new(
        MetricNames.Evaluators, MetricKind.Gauge, "{evaluator}", "Evaluators that are there, by whether they work.", MetricTags.State);

    /// <summary>Leases that ran out.</summary>
    public static MetricDefinition LeasesExpired { get; } = new(
        MetricNames.LeasesExpired, MetricKind.Counter, "{lease}", "Leases that ran out without a word from the evaluator.", MetricTags.Search);

    /// <summary>Trials put back to be evaluated again.</summary>
    public static MetricDefinition Retries { get; } = new(
        MetricNames.Retries, MetricKind.Counter, "{trial}", "Trials put back to be evaluated again after a failure or a loss.", MetricTags.Search);

    /// <summary>Hypervolume of the front.</summary>
    public static MetricDefinition Hypervolume { get; } = new(
        MetricNames.Hypervolume, MetricKind.Gauge, "{volume}", "Hypervolume of the front, in the product of the objectives' units.", MetricTags.Search);

    /// <summary>Networks on the front.</summary>
    public static MetricDefinition FrontSize { get; } = new(
        MetricNames.FrontSize, MetricKind.Gauge, "{trial}", "Trials on the front.", MetricTags.Search);

    /// <summary>The generation a search is in.</summary>
    public static MetricDefinition Generation { get; } = new(
        MetricNames.Generation, MetricKind.Gauge, "{generation}", "Generation the search is in, from 0; of searches that have generations.", MetricTags.Search);

    /// <summary>Look-ups in the cache; result: hit, miss.</summary>
    public static MetricDefinition CacheLookUps { get; } = new(
        MetricNames.CacheLookUps, MetricKind.Counter, "{lookup}", "Outcomes looked for among those remembered, by whether they were there.", MetricTags.Result);

    /// <summary>Device memory in use.</summary>
    public static MetricDefinition DeviceMemory { get; } = new(
        MetricNames.DeviceMemory, MetricKind.Gauge, "By", "Memory in use on an evaluator's device.", MetricTags.Evaluator);

    /// <summary>Seconds per storage operation; result: succeeded, failed.</summary>
    public static MetricDefinition StorageDuration { get; } = new(
        MetricNames.StorageDuration, MetricKind.Histogram, "s", "Time storage took to answer.", [MetricTags.Operation, MetricTags.Result],
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);

    /// <summary>All of them.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        Evaluations, EvaluationDuration, TokensScored, QueueDepth, Evaluators, LeasesExpired, Retries, Hypervolume, FrontSize, Generation,
        CacheLookUps, DeviceMemory, StorageDuration,
    ];
}
