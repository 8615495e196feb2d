using NasCluster.Core.Prediction;

namespace NasCluster.Evaluation.Statistics;

/// <summary>How two networks differ on the same documents: far more exactly known than from their two standard errors, because most documents do to both the same.</summary>
/// <param name="Mean">Mean of the second's values less the first's.</param>
/// <param name="StandardError">Its standard error, from the spread of the documents' own differences; 0 for a single document.</param>
/// <param name="PValue">
/// How likely a mean at least as far from 0 is where there is no difference, in [0, 1]. For values of 0 and 1 it is McNemar's exact test (McNemar 1947, "Note on
/// the sampling error of the difference between correlated proportions or percentages", Psychometrika 12): of the documents that only one of the two gets
/// right, how many each does, against a fair coin. For others it is the two-sided normal probability of mean over standard error.
/// </param>
/// <param name="OnlyFirst">With values of 0 and 1: documents that only the first gets right; otherwise those of which its value is higher.</param>
/// <param name="OnlySecond">The same of the second.</param>
public readonly record struct PairedDifference(double Mean, double StandardError, double PValue, int OnlyFirst, int OnlySecond)
{
    /// <summary>Compares.</summary>
    /// <param name="first">A value for each document.</param>
    /// <param name="second">Another for each, in the same order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none, or not as many of both.</exception>
    public static PairedDifference Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        ArgumentOutOfRangeException.ThrowIfZero(first.Length, nameof(first));
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        double mean = 0;
        double squares = 0;
        var (onlyFirst, onlySecond, areMarks) = (0, 0, true);
        for (var i = 0; i < first.Length; i++)
        {
            var difference = second[i] - first[i];
            var delta = difference - mean;
            mean += delta / (i + 1);
            squares += delta * (difference - mean);
            onlyFirst += difference < 0 ? 1 : 0;
            onlySecond += difference > 0 ? 1 : 0;
            areMarks &= first[i] is 0 or 1 && second[i] is 0 or 1;
        }

        var error = first.Length == 1 ? 0 : Math.Sqrt(squares / (first.Length - 1) / first.Length);
        return new PairedDifference(mean, error, areMarks ? McNemar(onlyFirst, onlySecond) : TwoSided(mean, error), onlyFirst, onlySecond);
    }

    // Twice the probability of at most the smaller count among n fair coins; the terms by their ratio, from one scaled so that none is lost.
    private static double McNemar(int onlyFirst, int onlySecond)
    {
        var (n, fewer) = (onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
        if (2 * fewer == n)
        {
            return 1;
        }

        double sum = 1;
        double term = 1;
        for (var k = fewer; k > 0; k--)
        {
            term *= (double)k / (n - k + 1);
            sum += term;
        }

        // All terms on the scale of the one at 'fewer': up from it, and what was summed down from it.
        var all = sum;
        term = 1;
        for (var k = fewer; k < n; k++)
        {
            term *= (double)(n - k) / (k + 1);
            all += term;
        }

        return Math.Min(1, 2 * sum / all);
    }

    private static double TwoSided(double mean, double error)
    {
        if (mean == 0)
        {
            return 1;
        }

        return error == 0 ? 0 : 2 * NormalDistribution.Cumulative(-Math.Abs(mean) / error);
    }
}
