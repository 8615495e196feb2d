using NasCluster.Core.Spaces;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>What is trained on what, and how: all that decides a training's result.</summary>
/// <param name="Network">Its weights at the start.</param>
/// <param name="Data">What it learns from.</param>
/// <param name="HeldOut">What the curves are of; null for curves of the training loss alone.</param>
/// <param name="Space">The sub-networks trained together; null to train the whole network alone.</param>
/// <param name="Options">How.</param>
/// <param name="Teacher">A fixed network to learn from; null for none.</param>
public sealed record TrainingJob(
    LlamaCheckpoint Network, TrainingSet Data, TrainingSet? HeldOut, LlamaSpace? Space, TrainingRunOptions Options, LlamaCheckpoint? Teacher = null);
