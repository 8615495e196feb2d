using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Pipeline.Pruning;

/// <summary>Which of the networks that a search evaluated is the one to keep, where there is one size in mind.</summary>
public static class PrunedChoice
{
    /// <summary>The best by the first objective of all that keep the constraints; the earliest trial on a tie.</summary>
    /// <param name="plan">The search.</param>
    /// <param name="outcomes">Its outcomes.</param>
    /// <exception cref="NasClusterException">None keeps them.</exception>
    public static Trial Of(SearchPlan plan, IReadOnlyList<OutcomeRecord> outcomes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(outcomes);
        var sign = plan.Objectives[0].Direction == ObjectiveDirection.Maximise ? -1 : 1;
        return outcomes.Where(o => o.Outcome is { IsSuccess: true, ConstraintViolation: 0 })
            .OrderBy(o => sign * o.Outcome.Values[0].Value).ThenBy(o => o.Trial.Id).FirstOrDefault()?.Trial
            ?? throw new NasClusterException(
                $"None of the {outcomes.Count} networks evaluated keeps all constraints, of which pruning.keep is one; widen space.depth or space.mlp, or evaluate more.");
    }
}
