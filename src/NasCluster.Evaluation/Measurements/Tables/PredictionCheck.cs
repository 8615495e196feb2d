using NasCluster.Core.Prediction;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>How far predictions are from measured values, as shares of the measured ones.</summary>
/// <param name="Networks">How many networks were predicted and measured.</param>
/// <param name="MedianError">Median of |predicted / measured - 1|.</param>
/// <param name="NinetiethError">The error that nine of ten do not exceed.</param>
/// <param name="WorstError">The largest.</param>
/// <param name="KendallTau">Kendall's tau-b between predictions and measured values.</param>
public sealed record PredictionCheck(int Networks, double MedianError, double NinetiethError, double WorstError, double KendallTau)
{
    /// <summary>The standard deviation of the relative error that the median stands for, if errors are normal.</summary>
    public double StandardError => Median.DeviationFactor * MedianError;

    /// <summary>Compares; both at least one value, and as many.</summary>
    internal static PredictionCheck Of(double[] measured, double[] predicted)
    {
        var errors = measured.Zip(predicted, (m, p) => Math.Abs((p / m) - 1)).Order().ToArray();
        return new PredictionCheck(
            errors.Length, Median.Of(errors), errors[(int)Math.Ceiling(0.9 * errors.Length) - 1], errors[^1], PredictionError.KendallTau(measured, predicted));
    }
}
