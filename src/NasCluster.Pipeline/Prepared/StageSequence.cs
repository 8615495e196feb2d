using System.Collections.Immutable;
using NasCluster.Core.Specification;

namespace NasCluster.Pipeline.Prepared;

/// <summary>Which stages a specification asks for, and in which order.</summary>
public static class StageSequence
{
    /// <summary>The stages before the search; each leaves scores, and begins with those of the one before it.</summary>
    public static ImmutableArray<SearchStage> Before(SearchSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return (spec.Pruning.Importance, spec.Pruning.PolicyGradient.Steps) switch
        {
            (ImportanceName.None, _) => [],
            (_, 0) => [SearchStage.Importance],
            _ => [SearchStage.Importance, SearchStage.PolicyGradient],
        };
    }

    /// <summary>Whether the best network is cut out after the search: where there is one size in mind.</summary>
    public static bool Prunes(SearchSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Pruning.Keep is not null;
    }

    /// <summary>Whether any of this needs the calibration part, in windows of the data.</summary>
    internal static bool Calibrates(SearchSpec spec) => spec.Pruning.Importance != ImportanceName.None || spec.Pruning.Repair != RepairName.None;
}
