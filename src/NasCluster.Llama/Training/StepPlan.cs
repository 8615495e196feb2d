using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>What a training step is made of: InstaTune's loss (arXiv 2308.15609) term by term, for any engine to compute.</summary>
public static class StepPlan
{
    /// <summary>The losses of a step's sub-networks on its batches.</summary>
    /// <param name="options">With a = TrueShare and g = TeacherShare.</param>
    /// <param name="largest">The sub-network that others learn from.</param>
    /// <param name="networks">The step's; the largest is the first where it is among them.</param>
    /// <param name="batches">Each at least one sequence.</param>
    public static StepBatch[] Of(
        TrainingRunOptions options, Architecture largest, ImmutableArray<Architecture> networks, ImmutableArray<ScoringRequest>[] batches)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(largest);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfZero(networks.Length, nameof(networks));
        var scored = batches.Sum(b => b.Sum(s => (long)s.ScoredCount));
        return Array.ConvertAll(batches, batch =>
            Of(options, largest, networks, batch, batch.Sum(s => (long)s.ScoredCount) / (double)scored / networks.Length));
    }

    private static StepBatch Of(
        TrainingRunOptions options, Architecture largest, ImmutableArray<Architecture> networks, ImmutableArray<ScoringRequest> batch, double batchShare)
    {
        var (a, g, share) = (options.TrueShare, options.TeacherShare, (float)batchShare);
        var distils = a < 1;
        var first = networks[0].Equals(largest) ? 1 : 0;
        var subNetworks = networks[first..];
        var losses = ImmutableArray.CreateBuilder<StepLoss>(networks.Length);
        if (first == 1)
        {
            // a CE + (1 - a) g KL(S, T); without a teacher the largest learns from the true tokens alone, as strongly as a says.
            var strength = distils ? a + ((1 - a) * g) : 1;
            losses.Add(new StepLoss(
                largest,
                (float)(share * strength),
                distils && g > 0 ? SoftTarget.Teacher : SoftTarget.None,
                strength > 0 ? (float)((1 - a) * g / strength) : 0f));
        }

        // (1 - g) KL(S_i, S) + g KL(S_i, T)
        var target = !distils ? SoftTarget.None : g <= 0 ? SoftTarget.Largest : g < 1 ? SoftTarget.Mixture : SoftTarget.Teacher;
        losses.AddRange(subNetworks.Select(n => new StepLoss(n, share, target, distils ? (float)(1 - a) : 0f)));
        var source = target is SoftTarget.Largest or SoftTarget.Mixture && (subNetworks.Length > 0 || first == 0) ? largest : null;
        return new StepBatch(batch, batchShare, losses.ToImmutable(), source, distils && g > 0, (float)g);
    }
}
