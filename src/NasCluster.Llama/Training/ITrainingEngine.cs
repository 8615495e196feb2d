using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>A network in training as an engine holds it: its weights, its gradients, its optimiser and, where there is one, its teacher.</summary>
/// <remarks>What a step trains on what is decided outside, see <see cref="TrainingRun"/>. One call at a time.</remarks>
public interface ITrainingEngine : IDisposable
{
    /// <summary>The network's shape.</summary>
    LlamaConfiguration Configuration { get; }

    /// <summary>Steps the optimiser has taken.</summary>
    long Steps { get; }

    /// <summary>The weights as they are now: the engine's own, or a copy of what it has on a device.</summary>
    ParameterSet Weights { get; }

    /// <summary>The mean cross-entropy in nats of the scored tokens under a sub-network.</summary>
    /// <exception cref="NasCluster.Core.NasClusterException">The sub-network or a sequence does not fit the network or the engine.</exception>
    double Loss(Architecture architecture, IReadOnlyList<ScoringRequest> sequences);

    /// <summary>Computes a step's loss and the length of its gradient; no weight changes.</summary>
    /// <param name="batches">What the step is made of.</param>
    /// <returns>The sum over batches of their share times the sum of their losses, and the Euclidean length of all gradients as one vector.</returns>
    /// <exception cref="NasCluster.Core.NasClusterException">As <see cref="Loss"/>.</exception>
    StepGradient Gradient(IReadOnlyList<StepBatch> batches);

    /// <summary>Takes the step whose gradient was computed last.</summary>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="gradientScale">Factor put on every gradient first: what clipping asks for.</param>
    void Update(double learningRate, float gradientScale);

    /// <summary>What must be saved to go on from here; maybe views of what the next step changes.</summary>
    TrainingState State(TrainingProgress progress);

    /// <summary>Goes on from a saved state of this network's shape.</summary>
    /// <exception cref="NasCluster.Core.NasClusterException">The state is of another optimiser.</exception>
    void Restore(TrainingState state);
}
