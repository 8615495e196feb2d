using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
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
    public TrainingMemory Memory(LlamaConfiguration network, LlamaConfiguration? teacher, TrainingSet data, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        var longest = data.Sequences.Max(s => s.TokenIds.Length - 1);
        var rows = Math.Max(options.BatchTokens, longest);

        // Batches end with the sequence that fills them, so they go over by up to one: what goes over is a portion of its own.
        var portions = 1 + (options.BatchTokens % longest == 0 ? 0 : 1);
        var distils = options.TrueShare < 1;
        return TrainingMemory.Of(network, new TrainingMemoryPlan
        {
            WeightBytes = training.Engine.Precision == TorchPrecision.Float32 ? 4 : 2,
            Optimiser = training.Optimiser,
            Recompute = training.Recompute,
            BatchRows = rows,
            Passes = options.NetworksInAStep * options.Accumulate * portions,
            LogitValues = training.Engine.LogitValues,
            Teacher = teacher,
            Distributions = !distils ? 0 : options.TeacherShare is > 0 and < 1 ? 3 : 1,
        });
    }

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
