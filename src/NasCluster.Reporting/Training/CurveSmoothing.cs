using System.Collections.Immutable;

namespace NasCluster.Reporting.Training;

/// <summary>Makes a noisy curve fit to be looked at.</summary>
internal static class CurveSmoothing
{
    /// <summary>Means over stretches of equally many neighbours (to one), in order: at most so many of them, all points counted once.</summary>
    /// <remarks>Stretches do not overlap and look both ways, so the curve neither lags behind nor counts a point twice.</remarks>
    public static ImmutableArray<(double X, double Y)> Means(ImmutableArray<(double X, double Y)> points, int most)
    {
        var count = Math.Min(most, points.Length);
        var means = ImmutableArray.CreateBuilder<(double X, double Y)>(count);
        for (var i = 0; i < count; i++)
        {
            var stretch = points.AsSpan()[(int)((long)i * points.Length / count)..(int)((i + 1L) * points.Length / count)];
            var (x, y) = (0.0, 0.0);
            foreach (var point in stretch)
            {
                (x, y) = (x + point.X, y + point.Y);
            }

            means.Add((x / stretch.Length, y / stretch.Length));
        }

        return means.ToImmutable();
    }
}
