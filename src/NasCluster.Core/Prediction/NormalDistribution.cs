using NasCluster.Core.Numerics;

namespace NasCluster.Core.Prediction;

/// <summary>The standard normal distribution, with the same bits on every machine.</summary>
public static class NormalDistribution
{
    private const double RootOfTwoPi = 2.5066282746310002;

    /// <summary>Where the fractions of two polynomials end and the continued fraction begins.</summary>
    private const double Far = 7.0710678118654755;

    private const double Zero = 37;

    // Hart and others 1968, table 5666, by way of West 2005: highest power first.
    private static readonly double[] Above =
        [0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376];

    private static readonly double[] Below =
    [
        0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948,
        440.413735824752,
    ];

    /// <summary>The density at x.</summary>
    public static double Density(double x) => PortableExp.Of(-0.5 * x * x) / RootOfTwoPi;

    /// <summary>The probability of a value up to x, within 1e-14.</summary>
    public static double Cumulative(double x)
    {
        var distance = Math.Abs(x);
        if (distance > Zero)
        {
            return x > 0 ? 1 : 0;
        }

        var density = PortableExp.Of(-0.5 * distance * distance);
        var tail = distance < Far
            ? density * Polynomial(Above, distance) / Polynomial(Below, distance)
            : density / (distance + (1 / (distance + (2 / (distance + (3 / (distance + (4 / (distance + 0.65))))))))) / RootOfTwoPi;
        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>Expected amount by which a normal value falls below a bound: E max(0, bound - Y).</summary>
    /// <param name="bound">The bound; minus infinity gives 0.</param>
    /// <param name="mean">The mean of Y.</param>
    /// <param name="deviation">Its standard deviation; 0 when it is certain.</param>
    public static double ExpectedShortfall(double bound, double mean, double deviation)
    {
        if (double.IsNegativeInfinity(bound))
        {
            return 0;
        }

        if (deviation == 0)
        {
            return Math.Max(0, bound - mean);
        }

        var z = (bound - mean) / deviation;
        return Math.Max(0, ((bound - mean) * Cumulative(z)) + (deviation * Density(z)));
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        double value = 0;
        foreach (var coefficient in coefficients)
        {
            value = (value * x) + coefficient;
        }

        return value;
    }
}
