using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>A batch of a training step: sequences, and the losses of sub-networks on them whose gradients are summed.</summary>
/// <param name="Sequences">At least one.</param>
/// <param name="Share">The batch's part of the step's loss, and one sub-network's part of the batch's.</param>
/// <param name="Losses">In order; the largest sub-network first where it is among them, since the others may learn from it.</param>
/// <param name="Largest">The sub-network that others learn from, whether or not it is trained itself; null where none does.</param>
/// <param name="UsesTeacher">Whether the fixed teacher is learned from.</param>
/// <param name="TeacherShare">The fixed teacher's part in <see cref="SoftTarget.Mixture"/>.</param>
public sealed record StepBatch(
    ImmutableArray<ScoringRequest> Sequences, double Share, ImmutableArray<StepLoss> Losses, Architecture? Largest, bool UsesTeacher, float TeacherShare)
{
    /// <summary>Whether the first loss is of <see cref="Largest"/>, so that one way forward does both.</summary>
    public bool LargestIsTrained => Largest is not null && Losses[0].Architecture.Equals(Largest);
}
