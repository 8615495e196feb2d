namespace NasCluster.Core.Numerics;

/// <summary>An exponential whose bits are the same on every operating system and processor, unlike <see cref="Math.Exp"/>.</summary>
/// <remarks>
/// A front is compared bit for bit, also between a laptop and a cluster, and C libraries differ in the last bit of exp.
/// This one uses only operations that IEEE 754 rounds exactly. It lies within two units in the last place of the C library's.
/// </remarks>
public static class PortableExp
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts; the low bits of the first are zero, so that k times it is exact.
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877e-10;
    private const double Overflow = 709.782712893384;
    private const double Underflow = -745.1332191019412;

    // 1/13! down to 1/2!: the terms left out are below 2^-60 for |r| <= ln 2 / 2.
    private static readonly double[] Coefficients =
    [
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
        1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2,
    ];

    /// <summary>e to the power of a number; 0 and infinity beyond the range, NaN for NaN.</summary>
    public static double Of(double x)
    {
        if (!(x >= Underflow && x <= Overflow))
        {
            return double.IsNaN(x) ? x : x > 0 ? double.PositiveInfinity : 0;
        }

        // x = k ln 2 + r + rest; exp(x) = 2^k exp(r + rest), and rest is what rounding took from r.
        var k = Math.Round(x * Log2E);
        var high = x - (k * Ln2High);
        var low = k * Ln2Low;
        var r = high - low;
        var rest = high - r - low;
        double series = 0;
        foreach (var coefficient in Coefficients)
        {
            series = Math.FusedMultiplyAdd(series, r, coefficient);
        }

        // In two steps, because 2^k itself may be out of range where the product is not.
        var tail = Math.FusedMultiplyAdd(series, r * r, rest);
        var exp = 1 + (r + tail);
        var half = (int)k / 2;
        return Math.ScaleB(Math.ScaleB(exp, half), (int)k - half);
    }
}
