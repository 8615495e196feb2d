using System.Numerics;

namespace NasCluster.Core.Prediction;

/// <summary>An intercept and a weight for every option of every gene.</summary>
internal sealed class RidgePredictor(double[] weights, double intercept) : IPredictor
{
    /// <summary>One per feature of the encoding.</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>The part that no gene changes.</summary>
    public double Intercept => intercept;

    public double Predict(ReadOnlySpan<ulong> bits)
    {
        var sum = intercept;
        for (var word = 0; word < bits.Length; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                sum += weights[(64 * word) + BitOperations.TrailingZeroCount(rest)];
            }
        }

        return sum;
    }

    /// <summary>The features that are one, ascending.</summary>
    internal static List<int> Ones(ReadOnlySpan<ulong> bits)
    {
        var ones = new List<int>();
        for (var word = 0; word < bits.Length; word++)
        {
            for (var rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                ones.Add((64 * word) + BitOperations.TrailingZeroCount(rest));
            }
        }

        return ones;
    }
}
