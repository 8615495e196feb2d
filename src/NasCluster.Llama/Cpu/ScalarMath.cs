using System.Runtime.CompilerServices;

namespace NasCluster.Llama.Cpu;

/// <summary>Scalar functions made of IEEE operations alone, for the few places where vectors do not pay.</summary>
internal static unsafe class ScalarMath
{
    /// <summary>e^x with the very bits of <see cref="VectorMath{TSimd}.Exp"/>.</summary>
    public static float Exp(float x)
    {
        float result;
        SimdScalar.Store(VectorMath<SimdScalar>.Exp(new SimdScalar(x)), &result);
        return result;
    }

    /// <summary>ln x for a positive normal x, within a few units in the last place.</summary>
    /// <remarks>
    /// x = m 2^e with m in [sqrt 1/2, sqrt 2); ln m = 2 artanh s with s = (m - 1) / (m + 1), by its series to s^23.
    /// The runtime's own logarithm is the C library's, whose last bit differs between systems.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 0.0;
        for (var power = 23; power >= 1; power -= 2)
        {
            series = (series * square) + (1.0 / power);
        }

        return (2 * s * series) + (exponent * 0.69314718055994530942);
    }
}
