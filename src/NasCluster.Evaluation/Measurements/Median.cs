using NasCluster.Core.Search;

namespace NasCluster.Evaluation.Measurements;

/// <summary>Medians, which a few calls that were disturbed do not move.</summary>
internal static class Median
{
    /// <summary>What the median distance from a median is multiplied by to estimate the standard deviation of normal errors.</summary>
    internal const double DeviationFactor = 1.4826;

    /// <summary>How much more a median varies than a mean: sqrt(pi / 2) for normal errors.</summary>
    internal const double Factor = 1.2533141373155;

    /// <summary>The middle value, or the mean of the middle two; there must be one.</summary>
    internal static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median and its standard error.</summary>
    internal static ObjectiveValue Estimate(IReadOnlyCollection<double> values)
    {
        var median = Of(values);
        var deviation = Of(values.Select(v => Math.Abs(v - median)));
        return new(median, Factor * DeviationFactor * deviation / Math.Sqrt(values.Count));
    }
}
