namespace NasCluster.Benchmarks.Dispatch;

/// <summary>The cluster that is simulated; times in seconds.</summary>
internal sealed record WorldOptions
{
    public int Evaluators { get; init; } = 1_000;

    public int BatchSize { get; init; } = 1;

    /// <summary>Evaluation times are log-normal with this mean.</summary>
    public double MeanTime { get; init; } = 30;

    /// <summary>Standard deviation of their logarithm.</summary>
    public double Sigma { get; init; } = 0.5;

    /// <summary>The part of evaluations that end with a reported failure.</summary>
    public double FailureRate { get; init; } = 0.01;

    /// <summary>Mean life of an evaluator, exponentially distributed: with a thousand of them one dies every 14 s.</summary>
    public double MeanLife { get; init; } = 4 * 3600;

    /// <summary>How long until membership knows of a death (as measured for a killed silo).</summary>
    public double DeathKnownAfter { get; init; } = 6;

    /// <summary>How long a dead evaluator is absent.</summary>
    public double ReplacedAfter { get; init; } = 60;

    public double WriteTime { get; init; } = 0.005;

    public double MessageTime { get; init; } = 0.001;
}
