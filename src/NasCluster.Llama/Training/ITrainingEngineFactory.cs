using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>Makes training engines.</summary>
public interface ITrainingEngineFactory
{
    /// <summary>
    /// What of the engine decides the bits of a training, as one line: a state saved under another goes not on. Null for the CPU engine, whose
    /// bits nothing of it decides.
    /// </summary>
    string? Identity { get; }

    /// <summary>What a training will hold on the device at its fullest, to be said before it starts; null where the engine does not know.</summary>
    /// <param name="network">The network's shape.</param>
    /// <param name="teacher">The fixed teacher's shape; null for none.</param>
    /// <param name="data">What is learned.</param>
    /// <param name="options">How.</param>
    TrainingMemory? Memory(LlamaConfiguration network, LlamaConfiguration? teacher, TrainingSet data, TrainingRunOptions options) => null;

    /// <summary>Copies a network's weights into an engine at step 0.</summary>
    /// <param name="network">The network; may then be disposed of.</param>
    /// <param name="teacher">A fixed network of the same vocabulary to learn from; null for none. May then be disposed of.</param>
    /// <param name="options">How it is trained.</param>
    /// <exception cref="NasCluster.Core.NasClusterException">A network cannot be trained, or not by this engine.</exception>
    ITrainingEngine Create(LlamaCheckpoint network, LlamaCheckpoint? teacher, TrainingRunOptions options);
}
