namespace NasCluster.Llama.Training;

/// <summary>What one optimiser step did.</summary>
/// <param name="Step">Its number, from 0.</param>
/// <param name="Tokens">Tokens it read, learned or not, each counted once however many sub-networks read it.</param>
/// <param name="Loss">Mean cross-entropy in nats over the tokens, and over the sub-networks that were trained.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="GradientNorm">Length of the gradient before it was clipped.</param>
public sealed record TrainingStep(long Step, long Tokens, double Loss, double LearningRate, double GradientNorm);
