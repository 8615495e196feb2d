using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements;

/// <summary>Objectives of speed by name, predicted from the latency table of what is evaluated.</summary>
public static class PredictedSpeed
{
    /// <summary>The value of a measured objective.</summary>
    /// <param name="objective">Its name.</param>
    /// <param name="options">What is evaluated, with a table.</param>
    /// <param name="shape">The sub-network, cut out.</param>
    /// <exception cref="NasClusterException">The table is of another model, batch or length, or has no such layers.</exception>
    public static ObjectiveValue Of(string objective, EvaluatorOptions options, LlamaConfiguration shape)
    {
        ArgumentNullException.ThrowIfNull(options);
        var table = options.Table ?? throw new ArgumentException("There is no table.", nameof(options));
        var (phase, isThroughput) = PhaseOf(objective);
        var speed = table.Predict(phase, options.Measurement, shape);
        return isThroughput ? speed.TokensPerSecond : speed.LatencyMs;
    }

    /// <summary>The phase that a measured objective is of, and whether it is tokens per second rather than milliseconds.</summary>
    /// <exception cref="ArgumentException">It is no measured objective.</exception>
    public static (MeasuredPhase Phase, bool IsThroughput) PhaseOf(string objective) =>
        objective == ObjectiveCatalog.LatencyMs.Name ? (MeasuredPhase.Scoring, false)
        : objective == ObjectiveCatalog.TokensPerSecond.Name ? (MeasuredPhase.Scoring, true)
        : objective == ObjectiveCatalog.PrefillMs.Name ? (MeasuredPhase.Prefill, false)
        : objective == ObjectiveCatalog.PrefillTokensPerSecond.Name ? (MeasuredPhase.Prefill, true)
        : objective == ObjectiveCatalog.DecodeMs.Name ? (MeasuredPhase.Decode, false)
        : objective == ObjectiveCatalog.DecodeTokensPerSecond.Name ? (MeasuredPhase.Decode, true)
        : throw new ArgumentException($"'{objective}' is not measured.", nameof(objective));
}
