namespace NasCluster.Core.Prediction;

/// <summary>Measures of how far predictions are from values.</summary>
public static class PredictionError
{
    /// <summary>Kendall's tau-b (Kendall 1945): agreement of two orders, ties corrected for; 0 where either has only ties.</summary>
    public static double KendallTau(ReadOnlySpan<double> values, ReadOnlySpan<double> predictions)
    {
        long agreeing = 0;
        long untied = 0;
        long untiedPredictions = 0;
        for (var i = 0; i < values.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var value = values[i].CompareTo(values[j]);
                var prediction = predictions[i].CompareTo(predictions[j]);
                agreeing += value * prediction;
                untied += value * value;
                untiedPredictions += prediction * prediction;
            }
        }

        return untied == 0 || untiedPredictions == 0 ? 0 : agreeing / Math.Sqrt((double)untied * untiedPredictions);
    }

    /// <summary>Mean of |prediction - value| / |value| over values other than 0, as a share; 0 where there are none.</summary>
    public static double MeanAbsolutePercentage(ReadOnlySpan<double> values, ReadOnlySpan<double> predictions)
    {
        double sum = 0;
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                sum += Math.Abs((predictions[i] - values[i]) / values[i]);
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    /// <summary>Mean of squared differences.</summary>
    public static double MeanSquared(ReadOnlySpan<double> values, ReadOnlySpan<double> predictions)
    {
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += (predictions[i] - values[i]) * (predictions[i] - values[i]);
        }

        return sum / values.Length;
    }
}
