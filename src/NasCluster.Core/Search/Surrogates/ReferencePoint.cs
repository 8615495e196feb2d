using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Search.Surrogates;

/// <summary>The point that volumes are measured from within a round.</summary>
internal static class ReferencePoint
{
    /// <summary>How far it lies beyond the worst of the front, as a share of the front's extent: so that the ends of the front add something.</summary>
    private const double Beyond = 0.1;

    /// <summary>A tenth of its extent beyond the worst values of the points' front; of an objective without extent, well beyond its one value.</summary>
    /// <param name="points">At least one, to be minimised.</param>
    public static double[] Of(IReadOnlyList<double[]> points)
    {
        var front = NonDominatedSort.Sort([.. points.Select((p, i) => new Individual(new TrialId(i), p, 0))])[0];
        return [.. Enumerable.Range(0, points[0].Length).Select(k =>
        {
            var (least, most) = (front.Min(i => points[i][k]), front.Max(i => points[i][k]));
            return most > least ? most + (Beyond * (most - least)) : most + Math.Max(Math.Abs(most), 1);
        })];
    }

    /// <summary>Whether a point is better than the reference in every objective, so that it has a volume.</summary>
    public static bool IsBeyond(double[] point, double[] reference)
    {
        for (var k = 0; k < reference.Length; k++)
        {
            if (!(point[k] < reference[k]))
            {
                return false;
            }
        }

        return true;
    }
}
