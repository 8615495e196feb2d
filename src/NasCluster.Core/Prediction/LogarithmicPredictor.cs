using NasCluster.Core.Numerics;

namespace NasCluster.Core.Prediction;

/// <summary>Predicts a positive value by its logarithm.</summary>
/// <param name="logarithm">Fitted to natural logarithms.</param>
internal sealed class LogarithmicPredictor(IPredictor logarithm) : IPredictor
{
    // Where one-hot sums run far off, an infinite prediction would break the order among them.
    public double Predict(ReadOnlySpan<ulong> bits) => Math.Min(PortableExp.Of(logarithm.Predict(bits)), double.MaxValue);
}
