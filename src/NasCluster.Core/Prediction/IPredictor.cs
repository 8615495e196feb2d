namespace NasCluster.Core.Prediction;

/// <summary>What was learned of one objective.</summary>
internal interface IPredictor
{
    /// <summary>The predicted value of an encoded genome, in the unit of the targets it was fitted to.</summary>
    double Predict(ReadOnlySpan<ulong> bits);
}
