using System.Collections.Immutable;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>A search that learns how likely each bit of a mask should stay.</summary>
public interface IMaskProbabilities
{
    /// <summary>One for each bit of the masks' space, in [0, 1].</summary>
    ImmutableArray<double> Probabilities { get; }

    /// <summary>The mask of the most probable bits: of each pool (attention, MLP, layers) its share, wherever they are; the lower bit on a tie.</summary>
    /// <remarks>The end of the search in arXiv 2406.10576.</remarks>
    bool[] HardMask();
}
