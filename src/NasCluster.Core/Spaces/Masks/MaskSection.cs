namespace NasCluster.Core.Spaces.Masks;

/// <summary>A stretch of a mask: the bits of one part of one layer, or of all layers.</summary>
/// <param name="Part">What the bits stand for.</param>
/// <param name="Layer">The layer they belong to; -1 for <see cref="MaskPart.Layer"/>, whose bits are the layers themselves.</param>
/// <param name="Start">Where the first bit stands in the mask.</param>
/// <param name="Length">How many bits there are, at least 1.</param>
public readonly record struct MaskSection(MaskPart Part, int Layer, int Start, int Length)
{
    /// <summary>The section's bits, or whatever else is kept one for each bit.</summary>
    public Span<T> Of<T>(Span<T> mask) => mask.Slice(Start, Length);

    /// <summary>The section's bits, or whatever else is kept one for each bit.</summary>
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> mask) => mask.Slice(Start, Length);
}
