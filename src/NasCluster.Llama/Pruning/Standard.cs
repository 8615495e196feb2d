namespace NasCluster.Llama.Pruning;

/// <summary>Standard scores: the distance from the mean in standard deviations.</summary>
internal static class Standard
{
    /// <summary>Mean 0, standard deviation 1 (of the population); all 0 where the values are equal.</summary>
    public static double[] Scores(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return [];
        }

        // Equal values are looked for as such: their mean may round to a neighbour of them, and that difference is no spread.
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Count);
        return values.All(v => v == values[0]) ? new double[values.Count] : [.. values.Select(v => (v - mean) / deviation)];
    }
}
