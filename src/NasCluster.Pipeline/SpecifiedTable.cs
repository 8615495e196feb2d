using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
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
        if (spec.Measurement.Table is not { } name || MeasuredOf(spec).Length == 0)
        {
            return null;
        }

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

    /// <summary>Fails unless a table predicts what a specification asks for on a model.</summary>
    internal static void Check(LatencyTable table, SearchSpec spec, LlamaConfiguration configuration)
    {
        table.Model.Check(configuration);
        var protocol = EvaluatorOptions.From(spec, configuration).Measurement;
        foreach (var objective in MeasuredOf(spec))
        {
            table.Section(PredictedSpeed.PhaseOf(objective).Phase, protocol);
        }
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
