using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;

namespace NasCluster.Llama.Calibration;

/// <summary>Gathers statistics of a whole network's activations in one pass over a calibration set, keeping those of one batch at a time.</summary>
public static class CalibrationPass
{
    /// <summary>Runs the whole network over the set. Results have the same bits whatever the number of threads and the vector width.</summary>
    /// <param name="checkpoint">The whole network: what sub-networks are repaired towards.</param>
    /// <param name="batches">At least one. Every token but the last of a sequence is counted, since the last one takes no position.</param>
    /// <param name="options">What to keep.</param>
    /// <param name="engine">How to use the machine.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    /// <exception cref="NasClusterException">There are too few tokens, a sequence does not fit the network, or an activation is not finite.</exception>
    public static CalibrationStatistics Gather(
        LlamaCheckpoint checkpoint,
        IReadOnlyList<IReadOnlyList<ScoringRequest>> batches,
        CalibrationOptions? options = null,
        CpuEngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var network = new TrainableNetwork(checkpoint, engine);
        return Gather(network, batches, options, engine, cancellation);
    }

    /// <summary>As the other, with a network that is already at hand.</summary>
    public static unsafe CalibrationStatistics Gather(
        TrainableNetwork network,
        IReadOnlyList<IReadOnlyList<ScoringRequest>> batches,
        CalibrationOptions? options = null,
        CpuEngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batches);
        options ??= new CalibrationOptions();
        engine ??= new CpuEngineOptions();
        var configuration = network.Configuration;
        Check(configuration, batches, options);
        using var pool = new BufferPool();
        var workers = new Workers(engine.Threads, pool);
        var kernels = TrainingKernels.For(engine.VectorPath);
        LayerSums[] layers = [.. configuration.Layers.Select((_, i) => new LayerSums(configuration, i, options, kernels, workers, pool))];
        for (var batch = 0; batch < batches.Count; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            network.Observe(batches[batch], (shape, layer, input, kept, output) => layers[layer].Add(shape, input, kept, output, batch));
        }

        return new CalibrationStatistics(configuration, TokensOf(batches), [.. layers.Select(l => l.ToStatistics())]);
    }

    // All of it before anything is computed: the last batch may be hours away.
    private static void Check(LlamaConfiguration configuration, IReadOnlyList<IReadOnlyList<ScoringRequest>> batches, CalibrationOptions options)
    {
        if (options.GramLayers is { } layers && layers.Any(l => l < 0 || l >= configuration.Layers.Length))
        {
            throw new NasClusterException(
                $"Gram matrices are asked for of layers {string.Join(", ", layers)}; the network has layers 0 to {configuration.Layers.Length - 1}.");
        }

        for (var batch = 0; batch < batches.Count; batch++)
        {
            if (batches[batch].Count == 0)
            {
                throw new NasClusterException($"Calibration batch {batch} has no sequence; it must have at least one.");
            }

            try
            {
                TrainingInput.Check(configuration, configuration.FullArchitecture, batches[batch]);
            }
            catch (NasClusterException exception)
            {
                throw new NasClusterException($"Calibration batch {batch}: {exception.Message}", exception);
            }
        }

        var tokens = TokensOf(batches);
        if (tokens < options.LeastTokens)
        {
            throw new NasClusterException(
                $"The calibration set has {tokens} tokens, the last of each of its {batches.Sum(b => b.Count)} sequences not counted; "
                + $"it must have at least {options.LeastTokens}.");
        }
    }

    private static long TokensOf(IReadOnlyList<IReadOnlyList<ScoringRequest>> batches) => batches.Sum(b => b.Sum(s => s.TokenIds.Length - 1L));
}
