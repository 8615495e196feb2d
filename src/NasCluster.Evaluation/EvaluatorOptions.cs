using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Evaluation;

/// <summary>What a <see cref="SuperNetworkEvaluator"/> evaluates.</summary>
/// <param name="Objectives">The values of an outcome, in order.</param>
/// <param name="Constraints">Bounds; a value outside them makes an outcome infeasible by how far it is outside.</param>
/// <param name="Weights">How weights are stored, for <c>memory_bytes</c>.</param>
/// <param name="Context">Tokens attended to, for <c>macs_per_token</c>.</param>
/// <param name="Measurement">How measured objectives are taken.</param>
public sealed record EvaluatorOptions(
    ImmutableArray<Objective> Objectives, ImmutableArray<ConstraintSpec> Constraints, WeightFormat Weights, int Context, MeasurementProtocol Measurement)
{
    /// <summary>Windows of the text that make a batch, for candidates that are scored on one only; null where there are none such.</summary>
    public int? BatchWindows { get; init; }

    /// <summary>
    /// What is done to a sub-network's weights before it is evaluated, as far as it decides the values; null where nothing is. Part of the key.
    /// </summary>
    public string? Treatment { get; init; }

    /// <summary>What measured objectives are predicted from; null where they are measured.</summary>
    public LatencyTable? Table { get; init; }

    /// <summary>What a specification asks for on a model.</summary>
    /// <param name="spec">The specification, checked.</param>
    /// <param name="configuration">The model's shape, which decides the default window.</param>
    /// <param name="table">What <c>measurement.table</c> names, read; null where it names none, or speed is not asked for.</param>
    /// <exception cref="NasClusterException">An objective is not known.</exception>
    public static EvaluatorOptions From(SearchSpec spec, LlamaConfiguration configuration, LatencyTable? table = null)
    {
        var window = EvaluationData.WindowOf(spec.Data, configuration);
        return new EvaluatorOptions(
            ObjectiveCatalog.Of(spec),
            ConstraintsOf(spec, configuration),
            spec.Costs.Weights,
            spec.Costs.Context ?? window,
            ProtocolOf(spec, configuration, window))
        { Table = table };
    }

    private static MeasurementProtocol ProtocolOf(SearchSpec spec, LlamaConfiguration configuration, int window)
    {
        var measurement = spec.Measurement;
        var decodes = spec.Objectives.Concat(spec.Constraints.Select(c => c.Name)).Any(ObjectiveCatalog.NeedsDecoding);
        var most = decodes ? Math.Max(2, configuration.MaximumPositions - measurement.NewTokens) : window;
        return new(measurement.Batch, measurement.Tokens ?? Math.Min(window, most), measurement.WarmUp, measurement.Repeats) { NewTokens = measurement.NewTokens };
    }

    // Where there is one size in mind, what is larger is no solution, however good.
    private static ImmutableArray<ConstraintSpec> ConstraintsOf(SearchSpec spec, LlamaConfiguration configuration) => spec.Pruning.Keep is { } keep
        ? spec.Constraints.Add(new ConstraintSpec(ObjectiveCatalog.BlockParameters.Name, null, Math.Floor(keep * CostModel.BlockParameters(configuration))))
        : spec.Constraints;
}
