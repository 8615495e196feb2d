using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Repair;

/// <summary>Cuts a sub-network out of a network and makes its o and down matrices good for the inputs they lost.</summary>
/// <remarks>
/// Every matrix is repaired towards the outputs of the un-pruned one on un-pruned inputs (arXiv 2409.17372, section 3.4), so layers do not
/// depend on each other. A layer that is left out as a whole is not made good for.
/// </remarks>
public static class RepairedNetwork
{
    private const string Weight = "weight";

    /// <summary>Extracts and repairs.</summary>
    /// <param name="checkpoint">The whole network; must outlive the result.</param>
    /// <param name="architecture">What to keep.</param>
    /// <param name="statistics">Of the whole network, with Gram matrices of o's and down's inputs unless the method needs none.</param>
    /// <param name="options">How.</param>
    /// <param name="engine">How to use the machine; changes no bit.</param>
    /// <param name="cancellation">Looked at before each matrix.</param>
    /// <exception cref="NasClusterException">The architecture or the statistics are not of this network, or H is singular and not damped.</exception>
    public static RepairedSubNetwork Of(
        LlamaCheckpoint checkpoint,
        Architecture architecture,
        CalibrationStatistics statistics,
        RepairOptions? options = null,
        CpuEngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(statistics);
        if (!statistics.Configuration.Equals(checkpoint.Configuration))
        {
            throw new NasClusterException("The calibration statistics are of a network of another shape; they must be of the one that is repaired.");
        }

        return Of(checkpoint, architecture, (layer, input) => statistics.Layers[layer][input], options, engine, cancellation);
    }

    /// <summary>As the other, for networks whose Gram matrices do not fit memory all at once.</summary>
    /// <param name="checkpoint">The whole network; must outlive the result.</param>
    /// <param name="architecture">What to keep.</param>
    /// <param name="statistics">Asked once for each matrix to repair, layer after layer, o before down; its answer is let go of before the next.</param>
    /// <param name="options">How.</param>
    /// <param name="engine">How to use the machine; changes no bit.</param>
    /// <param name="cancellation">Looked at before each matrix.</param>
    /// <exception cref="NasClusterException">As the other.</exception>
    public static RepairedSubNetwork Of(
        LlamaCheckpoint checkpoint,
        Architecture architecture,
        Func<int, LayerInput, InputStatistics?> statistics,
        RepairOptions? options = null,
        CpuEngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(statistics);
        var network = checkpoint.Configuration;
        network.Check(architecture);
        var extracted = SubNetworkCheckpoint.Cut(checkpoint, architecture);

        // All projections have one or none has, whatever they lost.
        var hasBiases = network.HasOutputBiases || options?.Method == RepairMethod.Bias;
        var layers = ImmutableArray.CreateBuilder<LlamaLayerWeights>();
        var reports = ImmutableArray.CreateBuilder<LayerRepair>();
        foreach (var layer in architecture.Layers)
        {
            var source = checkpoint.Layers[layer.SourceLayer];
            var whole = extracted.Layers[layers.Count];
            var (output, outputReport) = Repair(source.OProj, whole.OProj, KeptInputs.Output(network, layer), layer.SourceLayer, LayerInput.Output);
            var (down, downReport) = Repair(source.DownProj, whole.DownProj, KeptInputs.Down(layer), layer.SourceLayer, LayerInput.Down);

            layers.Add(whole with
            {
                OProj = output,
                DownProj = down,
                OProjBias = Bias(whole.OProjBias, outputReport, $"{whole.OProj.Name[..^Weight.Length]}bias"),
                DownProjBias = Bias(whole.DownProjBias, downReport, $"{whole.DownProj.Name[..^Weight.Length]}bias"),
            });
            reports.Add(new LayerRepair(layer.SourceLayer, outputReport, downReport));
        }

        var fingerprint = CheckpointFingerprint.Compute(With(string.Empty));
        return new RepairedSubNetwork(With(fingerprint), reports.ToImmutable());

        InMemoryCheckpoint With(string name) =>
            new(extracted.Configuration with { HasOutputBiases = hasBiases }, name, extracted.EmbedTokens, extracted.Norm, extracted.LmHead, layers.ToImmutable());

        // What the network has already, and what the repair adds to it.
        WeightTensor? Bias(WeightTensor? known, ProjectionRepair? report, string name)
        {
            if (report is null || !hasBiases)
            {
                return null;
            }

            var values = known is null ? new float[network.HiddenSize] : Values(known);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] += report.Bias.IsEmpty ? 0 : report.Bias[i];
            }

            return new InMemoryTensor(name, 1, values.Length, values);
        }

        (WeightTensor Tensor, ProjectionRepair? Report) Repair(WeightTensor source, WeightTensor cut, ImmutableArray<int> kept, int layer, LayerInput input)
        {
            cancellation.ThrowIfCancellationRequested();
            WeightReading.RequireShape(cut, source.Rows, kept.Length);
            if (kept.IsEmpty)
            {
                return (cut, null);
            }

            var known = statistics(layer, input)
                ?? throw new NasClusterException($"There are no calibration statistics of the {input} input of layer {layer}, which {source.Name} is repaired by.");
            var repaired = MatrixRepair.Repair(source.Name, Values(source), source.Rows, known, kept, options, engine);
            return (new InMemoryTensor(cut.Name, cut.Rows, cut.Columns, repaired.Weights), repaired.Report);
        }
    }

    private static float[] Values(WeightTensor tensor)
    {
        var values = new float[checked(tensor.Rows * tensor.Columns)];
        for (var row = 0; row < tensor.Rows; row++)
        {
            WeightReading.ReadFinite(tensor, row, values.AsSpan(row * tensor.Columns, tensor.Columns));
        }

        return values;
    }
}
