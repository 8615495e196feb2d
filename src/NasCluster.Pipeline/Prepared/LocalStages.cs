using NasCluster.Core;
using NasCluster.Core.Specification;

namespace NasCluster.Pipeline.Prepared;

/// <summary>The stages around a search that need its model and text at hand, so that they cannot be prepared once and carried out elsewhere.</summary>
internal static class LocalStages
{
    /// <summary>Fails if a specification asks for one.</summary>
    /// <remarks>Else the search would be another than the one meant: unrepaired where it is to be repaired, and nothing pruned at its end.</remarks>
    /// <exception cref="NasClusterException">It does; the message names the keys.</exception>
    internal static void Refuse(SearchSpec spec)
    {
        var pruning = spec.Pruning;
        (string Key, bool IsSet)[] keys =
        [
            ("pruning.keep", pruning.Keep is not null),
            ("pruning.importance", pruning.Importance != ImportanceName.None),
            ("pruning.policy_gradient.steps", pruning.PolicyGradient.Steps > 0),
            ("pruning.repair", pruning.Repair != RepairName.None),
            ("pruning.score", pruning.Score != ScoredState.Cut),
        ];
        var given = keys.Where(k => k.IsSet).Select(k => k.Key).ToArray();
        if (given.Length > 0)
        {
            throw new NasClusterException(
                $"The specification asks for stages before or after the search ({string.Join(", ", given)}); these run with nas on one machine only for now. "
                + "Use nas search or nas prune, or leave these keys out.");
        }
    }
}
