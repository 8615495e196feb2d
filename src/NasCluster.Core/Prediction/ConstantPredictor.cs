namespace NasCluster.Core.Prediction;

/// <summary>Every genome the same.</summary>
internal sealed class ConstantPredictor(double value) : IPredictor
{
    public double Predict(ReadOnlySpan<ulong> bits) => value;
}
