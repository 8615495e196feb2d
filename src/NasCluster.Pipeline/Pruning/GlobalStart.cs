using System.Collections.Immutable;
using NasCluster.Core.Numerics;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Pipeline.Pruning;

/// <summary>A mask without the parts of a whole network that matter least, whichever layers they are of (FLAP, arXiv 2312.11983, section 3.3).</summary>
/// <remarks>
/// Importance is standardised within each part of each layer, so that unlike ones can be compared, and a part weighs what it has weights.
/// A section keeps at least one bit.
/// </remarks>
internal static class GlobalStart
{
    /// <summary>Takes parts out until no more than so many weights are left in the layers, at the greatest depth.</summary>
    /// <param name="space">The masks.</param>
    /// <param name="importance">One value for each bit.</param>
    /// <param name="size">Most weights in the layers.</param>
    public static ImmutableArray<bool> Of(MaskSpace space, ImmutableArray<double> importance, long size)
    {
        var depth = space.Depths.Length - 1;
        var mask = new bool[space.BitCount];
        foreach (var section in space.Sections.Where(s => space.Stays(s.Layer, depth)))
        {
            section.Of(mask.AsSpan()).Fill(true);
        }

        var standard = new double[space.BitCount];
        var sectionOf = new MaskSection[space.BitCount];
        foreach (var section in space.Sections)
        {
            StandardScores.Of([.. section.Of(importance.AsSpan())]).CopyTo(section.Of(standard.AsSpan()));
            section.Of(sectionOf.AsSpan()).Fill(section);
        }

        var left = space.BlockParameters(mask, depth);
        foreach (var bit in Enumerable.Range(0, mask.Length).Where(i => mask[i]).OrderBy(i => standard[i]).ThenByDescending(i => i))
        {
            if (left <= size)
            {
                break;
            }

            if (sectionOf[bit].Of<bool>(mask).Count(true) > 1)
            {
                mask[bit] = false;
                left = space.BlockParameters(mask, depth);
            }
        }

        return [.. mask];
    }
}
