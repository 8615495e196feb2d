using NasCluster.Core;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Pipeline.Pruning;

/// <summary>The shares of attention and MLP that together keep a share of all the weights in the layers.</summary>
internal static class MaskShares
{
    /// <summary>
    /// The share itself of both where both are masked; where only one is, that one's makes up for the other. Layers that are masked as a whole
    /// are left out of this: what they take comes on top.
    /// </summary>
    /// <exception cref="NasClusterException">What cannot be masked is more than may stay.</exception>
    public static (double Attention, double Mlp) Of(MaskSpace space, double keep)
    {
        var mask = new bool[space.BitCount];
        Array.Fill(mask, true);
        var whole = space.BlockParameters(mask, space.Depths.Length - 1);
        var hasAttention = space.Sections.Any(s => s.Part is MaskPart.KvGroup or MaskPart.HeadPair);
        if (hasAttention)
        {
            return (keep, keep);
        }

        foreach (var section in space.Sections.Where(s => s.Part == MaskPart.MlpChannel))
        {
            section.Of(mask.AsSpan()).Clear();
        }

        var fixedPart = space.BlockParameters(mask, space.Depths.Length - 1);
        var mlp = ((keep * whole) - fixedPart) / (whole - fixedPart);
        return mlp > 0
            ? (1, mlp)
            : throw new NasClusterException($"pruning.keep is {keep}; attention alone is {(double)fixedPart / whole:0.###} of the weights, and it is not masked. Mask it too, or keep more.");
    }
}
