using NasCluster.Core;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>A network with the most important MLP channels and KV groups of each layer first: the same function, better when narrowed.</summary>
public static class ReorderedNetwork
{
    /// <summary>Measures and reorders.</summary>
    /// <param name="checkpoint">The network; stays as it is.</param>
    /// <param name="data">What importance is measured on.</param>
    /// <param name="sequences">How many sequences of it.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="engine">How to use the machine; changes no bit.</param>
    /// <exception cref="NasClusterException">A loss is not a finite number.</exception>
    public static InMemoryCheckpoint Of(LlamaCheckpoint checkpoint, TrainingSet data, int sequences, ulong seed, CpuEngineOptions? engine = null)
    {
        using var network = new TrainableNetwork(checkpoint, engine);
        ImportanceOrder.Apply(network, CalibrationSequences.Draw(data, sequences, seed));
        return network.Weights.ToCheckpoint();
    }
}
