using NasCluster.Core.Prediction;
using NasCluster.Reporting.Formatting;

namespace NasCluster.Reporting.Progress;

/// <summary>How well an objective is predicted, in words.</summary>
internal static class PredictorText
{
    /// <summary>Such as "perplexity tau 0.83, error 4.1 % (round 3)".</summary>
    public static string Of(PredictorFit fit) =>
        FormattableString.Invariant($"{Quantity.Words(fit.Objective)} tau {fit.KendallTau:0.00}, error {Quantity.Significant(100 * fit.MeanAbsolutePercentageError, 2)} % (round {fit.Round})");
}
