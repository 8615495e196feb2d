using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Training on the CPU engine.</summary>
/// <param name="engine">How to use the machine; by default all of it. Changes no bit.</param>
/// <param name="training">How gradients are computed. Changes no bit.</param>
public sealed class CpuTrainingEngineFactory(CpuEngineOptions? engine = null, TrainingOptions? training = null) : ITrainingEngineFactory
{
    /// <inheritdoc/>
    public string? Identity => null;

    /// <inheritdoc/>
    public ITrainingEngine Create(LlamaCheckpoint network, LlamaCheckpoint? teacher, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        var machine = engine ?? new CpuEngineOptions();
        var fixedNetwork = teacher is null ? null : new TrainableNetwork(teacher, machine, training);
        return new CpuTrainingEngine(new TrainableNetwork(network, machine, training), fixedNetwork, options.AdamW, machine.Threads);
    }
}
