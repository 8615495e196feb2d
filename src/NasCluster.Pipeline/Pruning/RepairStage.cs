using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Repair;

namespace NasCluster.Pipeline.Pruning;

/// <summary>Cuts a sub-network out of a network and repairs its weights on the calibration part of the data.</summary>
public static class RepairStage
{
    /// <summary>Cuts and repairs.</summary>
    /// <param name="checkpoint">The whole network; it must outlive the result.</param>
    /// <param name="architecture">What stays.</param>
    /// <param name="pruning">How to repair, and on how much; not by <see cref="RepairName.None"/>.</param>
    /// <param name="calibration">The calibration part.</param>
    /// <param name="engine">How to use the machine; changes no bit.</param>
    /// <param name="cancellation">Gives up between batches and matrices.</param>
    /// <exception cref="NasClusterException">There are too few tokens, or a matrix is singular and not damped.</exception>
    public static RepairedSubNetwork Repair(
        LlamaCheckpoint checkpoint, Architecture architecture, PruningSpec pruning, TextSet calibration, CpuEngineOptions? engine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pruning);
        ArgumentNullException.ThrowIfNull(calibration);
        return RepairedNetwork.Of(checkpoint, architecture, Statistics(checkpoint, pruning, calibration, engine, cancellation), OptionsOf(pruning), engine, cancellation);
    }

    /// <summary>What repair needs to know of a network's activations.</summary>
    internal static CalibrationStatistics Statistics(
        LlamaCheckpoint checkpoint, PruningSpec pruning, TextSet calibration, CpuEngineOptions? engine, CancellationToken cancellation) =>
        CalibrationPass.Gather(
            checkpoint, ImportanceStage.Batches(calibration, pruning.Sequences), new CalibrationOptions { Grams = GramInputs.Repair }, engine, cancellation);

    internal static RepairOptions OptionsOf(PruningSpec pruning)
    {
        var method = pruning.Repair switch
        {
            RepairName.Exact => RepairMethod.Exact,
            RepairName.Admm => RepairMethod.Admm,
            RepairName.Bias => RepairMethod.Bias,
            _ => throw new ArgumentOutOfRangeException(nameof(pruning), pruning.Repair, "There is nothing to repair with."),
        };
        var options = new RepairOptions { Method = method };
        return pruning.Damping is { } damping
            ? options with { Damping = new Damping(damping, method == RepairMethod.Admm ? DampingRule.OwnDiagonal : DampingRule.MeanDiagonal) }
            : options;
    }
}
