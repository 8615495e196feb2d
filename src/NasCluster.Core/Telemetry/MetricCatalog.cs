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
    /// <remarks>A search proposes what evaluators can take, so for how many it would need see <see cref="EvaluatorsWanted"/>.</remarks>
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

    /// <summary>Searches the cluster knows; state: running, paused, stopped, completed, failed.</summary>
    public static MetricDefinition Searches { get; } = new(
        MetricNames.Searches, MetricKind.Gauge, "{search}", "Searches that the cluster knows, reports not among them, by state.", MetricTags.State);

    /// <summary>1 for the state that a search is in, 0 for the others; state: running, paused, stopping, finished.</summary>
    public static MetricDefinition State { get; } = new(
        MetricNames.State, MetricKind.Gauge, "{search}", "1 for the state that a search is in while it is carried out, 0 for the others.",
        MetricTags.Search, MetricTags.State);

    /// <summary>How many outcomes a search will have.</summary>
    public static MetricDefinition Budget { get; } = new(
        MetricNames.Budget, MetricKind.Gauge, "{trial}", "Outcomes the search will have in the end.", MetricTags.Search);

    /// <summary>How many outcomes a search has, over its whole life.</summary>
    public static MetricDefinition Recorded { get; } = new(
        MetricNames.Recorded, MetricKind.Gauge, "{trial}", "Outcomes the search has, over its whole life.", MetricTags.Search);

    /// <summary>Trials that evaluators work on.</summary>
    public static MetricDefinition InFlight { get; } = new(
        MetricNames.InFlight, MetricKind.Gauge, "{trial}", "Trials given to evaluators that have no outcome yet.", MetricTags.Search);

    /// <summary>Evaluators lent to a search; state: busy, idle.</summary>
    public static MetricDefinition SearchEvaluators { get; } = new(
        MetricNames.SearchEvaluators, MetricKind.Gauge, "{evaluator}", "Evaluators lent to the search, by whether they work for it.",
        MetricTags.Search, MetricTags.State);

    /// <summary>The most evaluators a search could put to work now.</summary>
    public static MetricDefinition EvaluatorsWanted { get; } = new(
        MetricNames.EvaluatorsWanted, MetricKind.Gauge, "{evaluator}", "The most evaluators that the search could put to work now, those at work included.",
        MetricTags.Search);

    /// <summary>The best value of an objective that a trial of the front has.</summary>
    public static MetricDefinition Best { get; } = new(
        MetricNames.Best, MetricKind.Gauge, "{value}", "The best value of an objective on the front, in the objective's unit.",
        MetricTags.Search, MetricTags.Objective);

    /// <summary>Hypervolume of the front.</summary>
    public static MetricDefinition Hypervolume { get; } = new(
        MetricNames.Hypervolume, MetricKind.Gauge, "{volume}", "Hypervolume of the front, in the product of the objectives' units.", MetricTags.Search);

    /// <summary>Networks on the front.</summary>
    public static MetricDefinition FrontSize { get; } = new(
        MetricNames.FrontSize, MetricKind.Gauge, "{trial}", "Trials on the front.", MetricTags.Search);

    /// <summary>The generation a search is in.</summary>
    public static MetricDefinition Generation { get; } = new(
        MetricNames.Generation, MetricKind.Gauge, "{generation}", "Generation the search is in, from 0; of searches that have generations.", MetricTags.Search);

    /// <summary>Rank correlation of an objective's predictions with its values.</summary>
    public static MetricDefinition PredictorKendallTau { get; } = new(
        MetricNames.PredictorKendallTau, MetricKind.Gauge, "{correlation}",
        "Kendall's tau between an objective's values and their cross-validated predictions in the latest round, -1 to 1; of searches that predict.",
        MetricTags.Search, MetricTags.Objective);

    /// <summary>Mean absolute percentage error of an objective's predictions.</summary>
    public static MetricDefinition PredictorError { get; } = new(
        MetricNames.PredictorError, MetricKind.Gauge, "{share}",
        "Mean absolute percentage error of an objective's cross-validated predictions in the latest round, as a share; of searches that predict.",
        MetricTags.Search, MetricTags.Objective);

    /// <summary>Look-ups in the cache; result: hit, miss.</summary>
    public static MetricDefinition CacheLookUps { get; } = new(
        MetricNames.CacheLookUps, MetricKind.Counter, "{lookup}", "Outcomes looked for among those remembered, by whether they were there.", MetricTags.Result);

    /// <summary>Memory that super-networks take.</summary>
    public static MetricDefinition DeviceMemory { get; } = new(
        MetricNames.DeviceMemory, MetricKind.Gauge, "By", "Memory that super-networks take on an evaluator's device, those being loaded included.",
        MetricTags.Evaluator);

    /// <summary>Super-networks in memory.</summary>
    public static MetricDefinition SuperNetworks { get; } = new(
        MetricNames.SuperNetworks, MetricKind.Gauge, "{network}", "Super-networks in the memory of an evaluator's device.", MetricTags.Evaluator);

    /// <summary>Seconds per storage operation; result: succeeded, failed.</summary>
    public static MetricDefinition StorageDuration { get; } = new(
        MetricNames.StorageDuration, MetricKind.Histogram, "s", "Time storage took to answer.", [MetricTags.Operation, MetricTags.Result],
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);

    /// <summary>Which version runs.</summary>
    public static MetricDefinition Build { get; } = new(
        MetricNames.Build, MetricKind.Gauge, "{build}", "1 for the version that runs.", MetricTags.Version);

    /// <summary>All of them.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        Evaluations, EvaluationDuration, TokensScored, QueueDepth, Evaluators, LeasesExpired, Retries, Searches, State, Budget, Recorded, InFlight,
        SearchEvaluators, EvaluatorsWanted, Best, Hypervolume, FrontSize, Generation, PredictorKendallTau, PredictorError, CacheLookUps, DeviceMemory,
        SuperNetworks, StorageDuration, Build,
    ];
}
