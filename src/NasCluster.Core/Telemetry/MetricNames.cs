namespace NasCluster.Core.Telemetry;

/// <summary>Names of the metrics, as OpenTelemetry has them; an exporter for Prometheus turns dots into underscores and adds units and <c>_total</c>.</summary>
/// <remarks>Dashboards and alerts are written against these, so a name is never changed, and <see cref="MetricCatalog.All"/> lists every one.</remarks>
public static class MetricNames
{
    /// <summary>The meter that all instruments belong to.</summary>
    public const string Meter = "NasCluster";

    /// <summary>Outcomes recorded, by result.</summary>
    public const string Evaluations = "nascluster.evaluations";

    /// <summary>Seconds per evaluation.</summary>
    public const string EvaluationDuration = "nascluster.evaluation.duration";

    /// <summary>Tokens scored.</summary>
    public const string TokensScored = "nascluster.tokens.scored";

    /// <summary>Trials that wait for an evaluator.</summary>
    public const string QueueDepth = "nascluster.queue.depth";

    /// <summary>Evaluators that are there, by state.</summary>
    public const string Evaluators = "nascluster.evaluators";

    /// <summary>Leases that ran out.</summary>
    public const string LeasesExpired = "nascluster.leases.expired";

    /// <summary>Trials put back to be evaluated again.</summary>
    public const string Retries = "nascluster.retries";

    /// <summary>Searches the cluster knows, by state.</summary>
    public const string Searches = "nascluster.searches";

    /// <summary>What a search is about.</summary>
    public const string State = "nascluster.search.state";

    /// <summary>How many outcomes a search will have.</summary>
    public const string Budget = "nascluster.search.budget";

    /// <summary>How many outcomes a search has.</summary>
    public const string Recorded = "nascluster.search.recorded";

    /// <summary>Trials that evaluators work on.</summary>
    public const string InFlight = "nascluster.search.in_flight";

    /// <summary>Evaluators lent to a search, by state.</summary>
    public const string SearchEvaluators = "nascluster.search.evaluators";

    /// <summary>The most evaluators a search could put to work.</summary>
    public const string EvaluatorsWanted = "nascluster.search.evaluators_wanted";

    /// <summary>The best value of an objective on the front.</summary>
    public const string Best = "nascluster.search.best";

    /// <summary>Hypervolume of the front.</summary>
    public const string Hypervolume = "nascluster.search.hypervolume";

    /// <summary>Networks on the front.</summary>
    public const string FrontSize = "nascluster.search.front_size";

    /// <summary>The generation a search is in.</summary>
    public const string Generation = "nascluster.search.generation";

    /// <summary>Rank correlation of an objective's predictions with its values.</summary>
    public const string PredictorKendallTau = "nascluster.search.predictor_kendall_tau";

    /// <summary>Mean absolute percentage error of an objective's predictions.</summary>
    public const string PredictorError = "nascluster.search.predictor_mape";

    /// <summary>Outcomes looked for in the cache, by whether they were there.</summary>
    public const string CacheLookUps = "nascluster.cache.lookups";

    /// <summary>Device memory that super-networks take.</summary>
    public const string DeviceMemory = "nascluster.device.memory";

    /// <summary>Super-networks in a device's memory.</summary>
    public const string SuperNetworks = "nascluster.device.super_networks";

    /// <summary>Seconds per storage operation.</summary>
    public const string StorageDuration = "nascluster.storage.duration";

    /// <summary>Which version runs.</summary>
    public const string Build = "nascluster.build.info";
}
