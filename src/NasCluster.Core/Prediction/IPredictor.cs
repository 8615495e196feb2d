namespace NasCluster.Core.Prediction;

/// <summary>What was learned of one objective.</summary>
internal interface IPredictor
{
    /// <summary>The predicted value of an encoded genome, in the unit of the targets it was fitted to.</summary>
    double Predict(ReadOnlySpan<ulong> bits);
}

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

/// <summary>Every genome the same.</summary>
internal sealed class ConstantPredictor(double value) : IPredictor
{
    public double Predict(ReadOnlySpan<ulong> bits) => value;
}
