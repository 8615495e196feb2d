namespace NasCluster.Core.Numerics;

/// <summary>Standard scores: the distance from the mean in standard deviations, so that values of unlike scales can be compared.</summary>
public static class StandardScores
{
    /// <summary>Mean 0, standard deviation 1 (of the population); all 0 where the values are equal or there are none.</summary>
    /// <param name="values">Finite.</param>
    public static double[] Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);

        // Equal values are looked for as such: their mean may round to a neighbour of them, and that difference is no spread. And squares
        // are of distances brought to 1, so that those of very small or very large values are numbers still.
        if (values.Count == 0 || values.All(v => v == values[0]))
        {
            return new double[values.Count];
        }

        var scale = values.Max(Math.Abs);
        double[] scaled = [.. values.Select(v => v / scale)];
        var mean = scaled.Average();
        var farthest = scaled.Max(v => Math.Abs(v - mean));
        var distances = Array.ConvertAll(scaled, v => (v - mean) / farthest);
        var deviation = Math.Sqrt(distances.Sum(d => d * d) / distances.Length);
        return Array.ConvertAll(distances, d => d / deviation);
    }
}
