using NasCluster.Core;

namespace NasCluster.Llama.Training;

/// <summary>A loss or a gradient is no finite number, so that no step can be taken; the weights are as they were before.</summary>
/// <param name="step">The step that could not be taken, from 0.</param>
/// <param name="loss">Its loss in nats.</param>
/// <param name="gradientNorm">Length of its gradient.</param>
public sealed class TrainingDivergedException(long step, double loss, double gradientNorm) : NasClusterException(
    FormattableString.Invariant($"Training diverged at step {step}: the loss is {loss} and the length of its gradient {gradientNorm}; both must be finite."));
