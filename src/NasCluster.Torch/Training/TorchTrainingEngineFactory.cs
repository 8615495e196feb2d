using NasCluster.Core;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;

namespace NasCluster.Torch.Training;

/// <summary>Training with TorchSharp, on a graphics card or the CPU.</summary>
/// <param name="training">How to compute.</param>
public sealed class TorchTrainingEngineFactory(TorchTrainingOptions training) : ITrainingEngineFactory
{
    /// <summary>Raised whenever the engine's results change for the same input, the library's version aside.</summary>
    private const string Version = "torch-training-1";

    /// <inheritdoc/>
    public string Identity =>
        $"{Version}, {training.Engine.Precision}, {training.Optimiser}, on {training.Engine.Device.Split(':')[0]}".ToLowerInvariant();

    /// <inheritdoc/>
    public ITrainingEngine Create(LlamaCheckpoint network, LlamaCheckpoint? teacher, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (training.Engine.Precision == TorchPrecision.Float16)
        {
            throw new NasClusterException("The precision is float16, whose gradients vanish without a scale; training takes float32 or bfloat16.");
        }

        var trained = new TorchTrainableNetwork(network, training.Engine);
        try
        {
            return new TorchTrainingEngine(trained, teacher is null ? null : new TorchTrainableNetwork(teacher, training.Engine), training, options);
        }
        catch
        {
            trained.Dispose();
            throw;
        }
    }
}
