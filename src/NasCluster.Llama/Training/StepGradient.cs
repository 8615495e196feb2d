namespace NasCluster.Llama.Training;

/// <summary>A step's loss and gradient.</summary>
/// <param name="Loss">Mean cross-entropy in nats over tokens and sub-networks; no finite number where training has gone astray.</param>
/// <param name="Norm">Length of the gradient; likewise.</param>
public readonly record struct StepGradient(double Loss, double Norm);
