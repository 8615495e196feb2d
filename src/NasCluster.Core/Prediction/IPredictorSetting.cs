namespace NasCluster.Core.Prediction;

/// <summary>A kind of predictor with its settings: one point of the grid that cross-validation chooses from.</summary>
internal interface IPredictorSetting
{
    /// <summary>The kind.</summary>
    PredictorKind Kind { get; }

    /// <summary>Learns from some of the samples.</summary>
    /// <param name="samples">All samples.</param>
    /// <param name="targets">Finite, one for each of all samples.</param>
    /// <param name="chosen">The samples to learn from, at least one.</param>
    IPredictor Fit(Samples samples, ReadOnlySpan<double> targets, ReadOnlySpan<int> chosen);
}
