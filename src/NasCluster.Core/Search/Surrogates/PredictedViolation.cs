using NasCluster.Core.Prediction;

namespace NasCluster.Core.Search.Surrogates;

/// <summary>How far genomes are thought to break the constraints: nothing below a threshold, else what a predictor says.</summary>
/// <param name="predictor">Fitted to the violations, which are 0 where the constraints hold.</param>
/// <param name="threshold">Predictions above it mean infeasible.</param>
internal sealed class PredictedViolation(IPredictor predictor, double threshold)
{
    /// <summary>Learns from violations; null where there are none.</summary>
    public static PredictedViolation? Fit(Samples samples, double[] violations, ulong seed)
    {
        if (Array.TrueForAll(violations, v => v == 0))
        {
            return null;
        }

        var chosen = PredictorGrid.Choose(samples, violations, seed);
        return new PredictedViolation(chosen.Predictor, Threshold(violations, chosen.Validated));
    }

    public double Predict(ReadOnlySpan<ulong> bits) => predictor.Predict(bits) is var violation && violation > threshold ? violation : 0;

    /// <summary>The least threshold, not below 0, by which the fewest samples are taken for what they are not.</summary>
    internal static double Threshold(double[] violations, double[] predictions)
    {
        var best = 0.0;
        var fewest = int.MaxValue;
        foreach (var candidate in predictions.Where(p => p > 0).Prepend(0).Order())
        {
            var wrong = 0;
            for (var i = 0; i < violations.Length; i++)
            {
                wrong += predictions[i] > candidate == violations[i] > 0 ? 0 : 1;
            }

            if (wrong < fewest)
            {
                (best, fewest) = (candidate, wrong);
            }
        }

        return best;
    }
}
