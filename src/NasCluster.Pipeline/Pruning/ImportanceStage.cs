using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Pruning;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Pruning;

/// <summary>Measures the importance of a network's channels on the calibration part of the data.</summary>
public static class ImportanceStage
{
    // As many as fill the processors; sums run in a fixed order, so that the number is part of the result's bits and must not change.
    private const int SequencesPerBatch = 8;

    /// <summary>Measures.</summary>
    /// <param name="checkpoint">The whole network.</param>
    /// <param name="method">How; not <see cref="ImportanceName.None"/>.</param>
    /// <param name="calibration">The calibration part.</param>
    /// <param name="sequences">At most so many of its windows.</param>
    /// <param name="engine">How to use the machine; changes no bit.</param>
    /// <param name="cancellation">Gives up between batches.</param>
    /// <exception cref="NasClusterException">There are too few tokens, or what is measured is not finite.</exception>
    public static NetworkImportance Measure(
        LlamaCheckpoint checkpoint, ImportanceName method, TextSet calibration, int sequences, CpuEngineOptions? engine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(calibration);
        var measure = MeasureOf(method);
        using var network = new TrainableNetwork(checkpoint, engine);
        if (measure == ImportanceMeasure.TaylorGroup)
        {
            return TaylorImportance.Measure(network, Batches(calibration, sequences, 1), measure, cancellation);
        }

        var options = new CalibrationOptions { Grams = measure == ImportanceMeasure.Hessian ? GramInputs.All : GramInputs.None };
        var statistics = CalibrationPass.Gather(network, Batches(calibration, sequences), options, engine, cancellation);
        return WeightImportance.Measure(checkpoint, statistics, new ImportanceOptions { Measure = measure }, engine, cancellation);
    }

    /// <summary>The leading windows of a calibration part, in the batches that statistics are gathered by.</summary>
    internal static IReadOnlyList<IReadOnlyList<ScoringRequest>> Batches(TextSet calibration, int sequences, int perBatch = SequencesPerBatch) =>
        [.. calibration.Requests.Take(sequences).Chunk(perBatch)];

    private static ImportanceMeasure MeasureOf(ImportanceName name) => name switch
    {
        ImportanceName.Magnitude => ImportanceMeasure.Magnitude,
        ImportanceName.Wanda => ImportanceMeasure.Wanda,
        ImportanceName.Wifv => ImportanceMeasure.Wifv,
        ImportanceName.Hessian => ImportanceMeasure.Hessian,
        ImportanceName.Taylor => ImportanceMeasure.TaylorGroup,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is nothing to measure."),
    };
}
