namespace NasCluster.Core.Numerics;

/// <summary>A natural logarithm whose bits are the same on every operating system and processor, unlike <see cref="Math.Log(double)"/>.</summary>
/// <remarks>See <see cref="PortableExp"/> for why. It lies within a relative 1e-15 of the C library's.</remarks>
public static class PortableLog
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>The natural logarithm; minus infinity for 0, NaN below it, infinity for infinity.</summary>
    public static double Of(double x)
    {
        if (!(x > 0 && x < double.PositiveInfinity))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        // x = m 2^k with m in [sqrt 1/2, sqrt 2), and ln m = 2 artanh s with s = (m - 1) / (m + 1), so |s| < 0.1716.
        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k);
        if (m >= 1.4142135623730951)
        {
            m /= 2;
            k++;
        }

        var s = (m - 1) / (m + 1);
        var square = s * s;
        double series = 0;

        // s^23 / 23 is below 2^-60 of s.
        for (var n = 21; n >= 1; n -= 2)
        {
            series = Math.FusedMultiplyAdd(series, square, 1.0 / n);
        }

        return Math.FusedMultiplyAdd(k, Ln2, 2 * s * series);
    }
}
