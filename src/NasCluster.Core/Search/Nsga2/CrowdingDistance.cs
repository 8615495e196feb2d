namespace NasCluster.Core.Search.Nsga2;

/// <summary>How much room a candidate has on its front (Deb 2002, section III.B).</summary>
internal static class CrowdingDistance
{
    /// <summary>
    /// Per candidate, the sum over the objectives of the gap between its two neighbours, as a share of the front's extent;
    /// infinite for the ends. An objective in which all are equal adds nothing.
    /// </summary>
    /// <param name="front">Objective values of the front's members; equal values are neighbours in this order.</param>
    public static double[] Of(IReadOnlyList<double[]> front)
    {
        var distances = new double[front.Count];
        if (front.Count == 0)
        {
            return distances;
        }

        var order = new int[front.Count];
        for (var objective = 0; objective < front[0].Length; objective++)
        {
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            var k = objective;
            Array.Sort(order, (a, b) => front[a][k].CompareTo(front[b][k]) is var c && c != 0 ? c : a.CompareTo(b));

            // Halved, so that values near the ends of the number range cannot overflow into infinity.
            var halfExtent = (front[order[^1]][k] / 2) - (front[order[0]][k] / 2);
            if (halfExtent == 0)
            {
                continue;
            }

            distances[order[0]] = double.PositiveInfinity;
            distances[order[^1]] = double.PositiveInfinity;
            for (var i = 1; i < order.Length - 1; i++)
            {
                distances[order[i]] += ((front[order[i + 1]][k] / 2) - (front[order[i - 1]][k] / 2)) / halfExtent;
            }
        }

        return distances;
    }
}
