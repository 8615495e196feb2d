namespace NasCluster.Core.Search.MaskEvolution;

/// <summary>A mask in the making.</summary>
/// <param name="Depth">Index of the depth.</param>
/// <param name="Mask">The bits, true for what stays; all false in layers that fell.</param>
internal sealed record MaskCandidate(int Depth, bool[] Mask);
