using System.Runtime.CompilerServices;

namespace NasCluster.Llama.Cpu;

/// <summary>Functions of our own, so that a result depends on no library and no vector width.</summary>
/// <typeparam name="TSimd">Vector type.</typeparam>
internal static class VectorMath<TSimd>
    where TSimd : unmanaged, ISimd<TSimd>
{
    // 1.5 x 2^23: adding it rounds a small float to an integer, which then stands in the low bits.
    private const float RoundingShift = 12582912f;

    // ln 2 as a float with trailing zeros and the rest, so that n x Ln2High is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Below this, e^x is close to the smallest normal float, and counts as zero.
    private const float Lowest = -87f;
    private const float Highest = 88f;

    /// <summary>e^x within 1.5e-7 of it, relatively; 0 below -87 and as at 88 above that.</summary>
    /// <remarks>x = n ln 2 + r with |r| no more than ln 2 / 2; e^r by its Taylor series to r^7, whose rest is below 6e-9.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Exp(TSimd x)
    {
        x = TSimd.SelectBelow(TSimd.Broadcast(Highest), x, TSimd.Broadcast(Highest), x);
        var shift = TSimd.Broadcast(RoundingShift);
        var shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(1.44269504f), shift);
        var n = TSimd.Subtract(shifted, shift);
        var r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-Ln2High), x);
        r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-Ln2Low), r);
        var p = TSimd.MultiplyAdd(TSimd.Broadcast(1f / 5040f), r, TSimd.Broadcast(1f / 720f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 120f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 24f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f / 6f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(0.5f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f));
        return TSimd.SelectBelow(x, TSimd.Broadcast(Lowest), TSimd.Broadcast(0f), TSimd.AddToExponent(p, shifted));
    }

    /// <summary>2^x within 1.5e-7 of it, relatively, for x up to 0 (and somewhat above); 0 below -126.</summary>
    /// <remarks>x = n + r with |r| no more than 1/2; 2^r = 1 + r q(r) with q of degree 5 through six Chebyshev nodes, within 6e-9.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd PowerOfTwo(TSimd x)
    {
        var shift = TSimd.Broadcast(RoundingShift);
        var shifted = TSimd.Add(x, shift);
        var r = TSimd.Subtract(x, TSimd.Subtract(shifted, shift));
        var p = TSimd.MultiplyAdd(TSimd.Broadcast(1.54531629e-4f), r, TSimd.Broadcast(1.33908637e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(9.61808256e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(5.55035711e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(0.240226508f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(0.693147188f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1f));
        return TSimd.SelectBelow(x, TSimd.Broadcast(-126f), TSimd.Broadcast(0f), TSimd.AddToExponent(p, shifted));
    }

    /// <summary>The larger of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Max(TSimd left, TSimd right) => TSimd.SelectBelow(left, right, right, left);
}
