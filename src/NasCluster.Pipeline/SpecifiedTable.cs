using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Pipeline;

/// <summary>The latency table that a specification names.</summary>
internal static class SpecifiedTable
{
    /// <summary>Reads it, and fails unless it predicts what the specification asks for on the model.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="resolve">Turns its path or name into a path; null to take it as it is written.</param>
    /// <returns>The table; null where none is named, or no speed is asked for.</returns>
    /// <exception cref="NasClusterException">It cannot be read, or is of another model, batch or length; the message names the file.</exception>
    internal static LatencyTable? Read(SearchSpec spec, LlamaConfiguration configuration, Func<string, string>? resolve)
    {
        if (!IsNeeded(spec))
        {
            return null;
        }

        var name = spec.Measurement.Table!;
        var table = LatencyTableJson.ReadFile(resolve is null ? name : resolve(name));
        try
        {
            Check(table, spec, configuration);
        }
        catch (NasClusterException exception)
        {
            throw new NasClusterException($"{name}: {exception.Message}", exception);
        }

        return table;
    }

    /// <summary>Whether a specification names a table and asks for what is predicted from it.</summary>
    internal static bool IsNeeded(SearchSpec spec) => spec.Measurement.Table is not null && MeasuredOf(spec).Length > 0;

    /// <summary>Fails unless a table predicts what a specification asks for on a model, for every network of its space.</summary>
    internal static void Check(LatencyTable table, SearchSpec spec, LlamaConfiguration configuration)
    {
        table.Model.Check(configuration);
        var protocol = EvaluatorOptions.From(spec, configuration).Measurement;
        foreach (var objective in MeasuredOf(spec))
        {
            table.Section(PredictedSpeed.PhaseOf(objective).Phase, protocol);
        }

        var space = LatencySpace.Of(new SearchPlan(spec, configuration));
        table.Knots.Weights(Extreme(configuration, space, choices => choices.Where(c => c > 0).DefaultIfEmpty().Min()));
        table.Knots.Weights(Extreme(configuration, space, choices => choices.Max()));
    }

    // All layers as narrow, or as wide, as each may be: what the table covers there, it covers between.
    private static LlamaConfiguration Extreme(LlamaConfiguration configuration, LlamaSpaceOptions space, Func<ImmutableArray<int>, int> choose)
    {
        return configuration with { Layers = [.. configuration.Layers.Select(Extreme)] };

        LlamaLayerShape Extreme(LlamaLayerShape shape, int layer)
        {
            var groups = Of(space.KvGroupCounts, layer, shape.KvHeadCount);
            var pairs = space.HeadPairCounts.IsDefaultOrEmpty || groups == 0 ? shape.HeadPairs : Kept(shape, choose(space.HeadPairCounts[layer]));
            return new LlamaLayerShape(groups, Of(space.MlpWidths, layer, shape.IntermediateSize), groups == 0 ? null : pairs);
        }

        ChannelSelection? Kept(LlamaLayerShape shape, int pairs) => pairs == configuration.HeadSize / 2 ? shape.HeadPairs : ChannelSelection.Leading(pairs);

        int Of(ImmutableArray<ImmutableArray<int>> choices, int layer, int whole) => choices.IsDefaultOrEmpty ? whole : choose(choices[layer]);
    }

    /// <summary>Fails unless a specification takes tables of the device a network is on.</summary>
    internal static void CheckEngine(LatencyTable table, SearchSpec spec, SuperNetworkInfo network)
    {
        if (spec.Measurement.TableDevice == TableDevice.This)
        {
            table.CheckEngine(network);
        }
    }

    private static string[] MeasuredOf(SearchSpec spec) =>
        [.. spec.Objectives.Concat(spec.Constraints.Select(c => c.Name)).Where(name => ObjectiveCatalog.Find(name, [])?.Kind == ObjectiveKind.Measured).Distinct()];
}
